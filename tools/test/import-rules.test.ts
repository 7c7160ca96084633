import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const config = join(root, '.dependency-cruiser.cjs');
const packageNames = ['domain', 'protocol', 'client', 'react', 'server', 'engine-p2p', 'transport-x', 'testing'];

/** Files of a fixture, each with the one rule that it breaks; undefined where it breaks none. */
const files: [path: string, text: string, rule: string | undefined][] = [
  ...packageNames.map((name): [string, string, undefined] => [
    `packages/${name}/src/index.ts`,
    'export const x = 1;',
    undefined,
  ]),
  ['packages/protocol/src/good.ts', "import { x } from '@parley/domain'; console.log(x);", undefined],
  ['packages/server/src/node/good.ts', "import { readFileSync } from 'node:fs'; console.log(readFileSync);", undefined],
  ['packages/client/src/good.test.ts', "import { x } from '@parley/testing'; console.log(x);", undefined],
  // The simulator runs the real server.
  ['packages/testing/src/good.ts', "import { x } from '@parley/server'; console.log(x);", undefined],
  [
    'packages/protocol/src/up.ts',
    "import { x } from '@parley/client'; console.log(x);",
    'protocol-imports-only-domain',
  ],
  [
    'packages/client/src/up.ts',
    "import type { x } from '@parley/react'; export type X = x;",
    'client-imports-only-protocol-domain',
  ],
  [
    'packages/react/src/side.ts',
    "import { x } from '@parley/engine-p2p'; console.log(x);",
    'react-imports-only-client-protocol-domain',
  ],
  [
    'packages/server/src/side.ts',
    "import { x } from '@parley/client'; console.log(x);",
    'server-imports-only-protocol-domain',
  ],
  [
    'packages/engine-p2p/src/side.ts',
    "import { x } from '@parley/react'; console.log(x);",
    'engine-[^/]+-imports-only-client-protocol-domain',
  ],
  [
    'packages/transport-x/src/side.ts',
    "import { x } from '@parley/server'; console.log(x);",
    'transport-[^/]+-imports-only-client-protocol-domain',
  ],
  [
    'packages/testing/src/up.ts',
    "import { x } from '@parley/react'; console.log(x);",
    'testing-imports-only-server-client-protocol-domain',
  ],
  [
    'packages/testing/src/conformance/schemas.ts',
    "import { x } from '@parley/protocol'; console.log(x);",
    'conformance-knows-the-contract-alone',
  ],
  ['packages/domain/src/library.ts', "import { z } from 'zod'; console.log(z);", 'domain-imports-nothing'],
  ['packages/domain/src/up.ts', "import { x } from '@parley/protocol'; console.log(x);", 'domain-imports-only-itself'],
  [
    'packages/client/src/app.ts',
    "import { x } from '../../../apps/app/src/index.ts'; console.log(x);",
    'packages-import-no-app',
  ],
  ['packages/client/src/fake.ts', "import { x } from '@parley/testing'; console.log(x);", 'testing-is-not-shipped'],
  [
    'packages/server/src/core.ts',
    "import { readFileSync } from 'node:fs'; console.log(readFileSync);",
    'server-core-knows-no-node',
  ],
  ['packages/server/src/driver.ts', "import pg from 'pg'; console.log(pg);", 'server-core-knows-no-adapter'],
  ['packages/server/src/reach.ts', "import './node/good.ts';", 'server-core-does-not-reach-into-node'],
  ['packages/client/src/sfu.ts', "import 'livekit-client';", 'only-engine-livekit-imports-livekit-client'],
  ['packages/client/src/agora.ts', "import 'agora-rtc-sdk-ng';", 'only-engine-agora-imports-agora'],
  ['packages/client/src/supabase.ts', "import '@supabase/supabase-js';", 'only-transport-supabase-imports-supabase'],
  ['packages/client/src/typo.ts', "import './nowhere.ts';", 'resolvable'],
  ['packages/client/src/circle-a.ts', "import './circle-b.ts';", 'no-circles'],
  // A circle is told of once, from one of its files.
  ['packages/client/src/circle-b.ts', "import './circle-a.ts';", undefined],
  ['apps/app/src/index.ts', 'export const x = 1;', undefined],
  ['apps/app/src/screens/types.ts', "import type { x } from '@parley/client'; export type X = typeof x;", undefined],
  ['apps/app/src/screens/Call.tsx', "import { x } from '@parley/client'; console.log(x);", 'screens-get-snapshots'],
];

type Violation = { from: string; rule: { name: string } };
let fixture: string;
let violations: Violation[];

beforeAll(async () => {
  fixture = await mkdtemp(join(tmpdir(), 'parley-imports-'));
  for (const [path, text] of files) {
    await mkdir(dirname(join(fixture, path)), { recursive: true });
    await writeFile(join(fixture, path), `${text}\n`);
  }
  await mkdir(join(fixture, 'node_modules/@parley'), { recursive: true });
  for (const name of packageNames) {
    const manifest = { name: `@parley/${name}`, type: 'module', exports: { '.': './src/index.ts' } };
    await writeFile(join(fixture, 'packages', name, 'package.json'), JSON.stringify(manifest));
    await symlink(join('../../packages', name), join(fixture, 'node_modules/@parley', name));
  }
  for (const name of ['zod', 'pg']) {
    await mkdir(join(fixture, 'node_modules', name), { recursive: true });
    await writeFile(join(fixture, 'node_modules', name, 'package.json'), JSON.stringify({ name, main: 'index.js' }));
    await writeFile(join(fixture, 'node_modules', name, 'index.js'), '');
  }
  const cruiser = join(root, 'node_modules/.bin/depcruise');
  const args = [cruiser, '--config', config, '--output-type', 'json', 'packages', 'apps'];
  const output = await new Promise<string>((resolve) => {
    // It ends with the number of violations: that is no failure of this test.
    execFile(process.execPath, args, { cwd: fixture, maxBuffer: 1e8 }, (_error, stdout) => resolve(stdout));
  });
  violations = JSON.parse(output).summary.violations;
});

afterAll(() => rm(fixture, { recursive: true, force: true }));

describe('the directions of imports', () => {
  it.each(files.filter(([, , rule]) => rule))('%s is refused: %s (%s)', (path, _text, rule) => {
    expect(violations.filter(({ from }) => from === path).map((violation) => violation.rule.name)).toContain(rule);
  });

  it.each(files.filter(([, , rule]) => !rule))('%s is allowed', (path) => {
    expect(violations.filter(({ from }) => from === path)).toEqual([]);
  });
});
