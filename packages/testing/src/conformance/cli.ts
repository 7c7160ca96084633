/*
 * npm run conformance -- URL [--only NAME]… [--at-once N]      npm run conformance -- --list
 *
 * Ends with 0 where the deployment keeps the contract, with 1 where it does not, and with 2 where nothing could be asked.
 */
import { CASES } from './cases.ts';
import { requireParley } from './deployment.ts';
import { readOptions, Unusable, USAGE } from './options.ts';
import { conform } from './run.ts';
import { summaryOf, tapOf } from './tap.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args, CASES);
  if (options.kind === 'help') say(USAGE);
  if (options.kind === 'list') for (const { name, rule } of CASES) say(`${name.padEnd(36)} ${rule}`);
  if (options.kind !== 'run') return 0;
  const { origin, cases, atOnce } = options;
  await requireParley(origin);
  const begun = Date.now();
  say(`TAP version 14\n1..${cases.length}`);
  let number = 0;
  const onVerdict = (verdict: Parameters<typeof tapOf>[0]) => {
    number += 1;
    say(tapOf(verdict, number));
  };
  const verdicts = await conform(origin, cases, { atOnce, onVerdict });
  say(summaryOf(verdicts, (Date.now() - begun) / 1000));
  return verdicts.every(({ ok }) => ok) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof Unusable)) throw error;
  process.stderr.write(`${error.message}\n`);
  return 2;
});
