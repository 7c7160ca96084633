import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CASES, CHAPTERS } from '../src/conformance/index.ts';
import { readOptions } from '../src/conformance/options.ts';
import { summaryOf, tapOf } from '../src/conformance/tap.ts';

const CLI = fileURLToPath(new URL('../src/conformance/cli.ts', import.meta.url));
const DOC = fileURLToPath(new URL('../../../docs/conformance.md', import.meta.url));
const ADDRESS = 'http://localhost:3000';

describe('the list of conformance', () => {
  it('has a name for each case, which is nobody else’s', () => {
    const names = CASES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z_]*$/);
  });

  it('stands in docs/conformance.md, chapter by chapter', async () => {
    const said = (await readFile(DOC, 'utf8')).split('\n').filter((line) => /^### |^\| `/.test(line));
    const lines = Object.entries(CHAPTERS).flatMap(([chapter, cases]) => [
      `### ${chapter.charAt(0).toUpperCase()}${chapter.slice(1)}`,
      ...cases.map(({ name, rule }) => `| \`${name}\` | ${rule} |`),
    ]);
    expect(said).toEqual(lines);
  });
});

describe('what is asked of it', () => {
  const asked = (...args: string[]) => readOptions(args, CASES);
  const namesOf = (...args: string[]) => {
    const options = asked(...args);
    return options.kind === 'run' ? options.cases.map(({ name }) => name) : [];
  };

  it('is an address, and all cases unless some are named', () => {
    expect(asked(`${ADDRESS}/`)).toEqual({ kind: 'run', origin: ADDRESS, cases: CASES, atOnce: 6 });
    expect(namesOf(ADDRESS, '--only', 'busy', '--only', 'ring_expires*')).toEqual([
      'ring_expires',
      'ring_expires_unheard',
      'busy',
    ]);
  });

  it.each([
    [[], /^The address of a deployment is missing/],
    [['localhost'], /^localhost is no address/],
    [['ftp://localhost'], /^ftp:\/\/localhost is no address/],
    [[`${ADDRESS}/app`], /has a path/],
    [[ADDRESS, ADDRESS], /^One address is taken, not 2/],
    [[ADDRESS, '--only', 'nothing'], /^There is no case nothing/],
    [[ADDRESS, '--at-once', '0'], /^--at-once must be a whole number/],
    [[ADDRESS, '--verbose'], /--verbose/],
  ])('is refused with a sentence: %j', (args, sentence) => {
    expect(() => readOptions(args, CASES)).toThrow(sentence);
  });
});

describe('the command', { timeout: 60_000 }, () => {
  const run = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [CLI, ...args], (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });

  let url: string;
  // Something that answers, and is no Parley.
  const other = createServer((_request, answer) => answer.end('hello'));
  beforeAll(async () => {
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    other.closeAllConnections();
    other.close();
  });

  it('names all cases with --list', async () => {
    const { code, out } = await run('--list');
    expect(code).toBe(0);
    expect(out.split('\n').flatMap((line) => line.split(' ')[0] || [])).toEqual(CASES.map(({ name }) => name));
  });

  it.each([
    ['a flag that is not known', ['--fast'], /--fast/],
    ['an address that is none', ['here'], /^here is no address/],
    ['an address that nobody answers at', ['http://127.0.0.1:1'], /^http:\/\/127\.0\.0\.1:1 cannot be reached: /],
  ])('ends with 2 and a sentence for %s', async (_what, args, sentence) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('ends with 2 for an address where something else is', async () => {
    expect(await run(url)).toMatchObject({ code: 2, err: expect.stringMatching(/^At .* is no Parley/) });
  });
});

it('prints TAP, with the reason below what failed', () => {
  const verdicts = [
    { name: 'busy', ok: true, why: '' },
    { name: 'glare', ok: false, why: 'first line\nsecond' },
  ];
  expect(verdicts.map((verdict, i) => tapOf(verdict, i + 1))).toEqual([
    'ok 1 - busy',
    'not ok 2 - glare\n  ---\n  why: |\n    first line\n    second\n  ...',
  ]);
  expect(summaryOf(verdicts, 1.23)).toBe('# 1 passed, 1 failed, 1.2 s');
});
