// `npm run bench`, or `npm run bench -- ring accept` for some of them. Each bench is a folder here with a `bench.ts` or `bench.mjs`
// whose `run` hands back its figures; they are written as JSON and, with --write, into docs/performance.md.
// `--smoke` runs each of them once and briefly, to see that it works: its figures say nothing.

import { spawnSync } from 'node:child_process';
import { modernNode } from '../tools/lib/node.mjs';

// The benches import sources in TypeScript, which an older Node does not run.
const { status } = spawnSync(
  modernNode(),
  ['--no-warnings', `${import.meta.dirname}/lib/runner.ts`, ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
