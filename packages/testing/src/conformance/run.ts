import { Broken } from './broken.ts';
import type { Case } from './case.ts';
import { Stage } from './people.ts';
import { Turns } from './turns.ts';

export interface Verdict {
  readonly name: string;
  readonly ok: boolean;
  /** One sentence; empty where all is well. */
  readonly why: string;
}

export interface RunOptions {
  /** How many cases play at once. Those that wait for a deadline are not counted: they do nothing meanwhile. */
  readonly atOnce: number;
  /** Hears of each case when it is done, in the order of the list. */
  readonly onVerdict?: (verdict: Verdict) => void;
}

/** Of one case; deadlines of a server that is set to minutes have room in it. */
const LONGEST_CASE_MS = 400_000;
/** Sign-ups at a time. Ten tries of an address are let through, and one counts while it runs. */
const SIGN_UPS_AT_ONCE = 4;

/** Plays the cases against a deployment. @param origin such as `https://calls.example.org` */
export async function conform(
  origin: string,
  cases: readonly Case[],
  { atOnce, onVerdict = () => {} }: RunOptions,
): Promise<Verdict[]> {
  const turns = new Turns(atOnce);
  const signUps = new Turns(SIGN_UPS_AT_ONCE);
  const verdicts = cases.map(() => Promise.withResolvers<Verdict>());
  // Those that wait begin first, so that the others pass the time.
  const order = [...cases.keys()].sort((a, b) => Number(cases[b]?.waits ?? false) - Number(cases[a]?.waits ?? false));
  for (const index of order) {
    const one = cases[index];
    if (one === undefined) continue;
    const play = () => judge(origin, one, signUps);
    void (one.waits ? play() : turns.run(play)).then((verdict) => verdicts[index]?.resolve(verdict));
  }
  const all: Verdict[] = [];
  for (const { promise } of verdicts) {
    const verdict = await promise;
    onVerdict(verdict);
    all.push(verdict);
  }
  return all;
}

async function judge(origin: string, { name, run }: Case, signUps: Turns): Promise<Verdict> {
  const stop = new AbortController();
  const stage = new Stage(origin, signUps, stop.signal);
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => limit.reject(new Broken(`it was not through after ${LONGEST_CASE_MS / 1000} s`)),
    LONGEST_CASE_MS,
  );
  try {
    await Promise.race([run(stage), limit.promise]);
    return { name, ok: true, why: '' };
  } catch (error) {
    return { name, ok: false, why: sentenceOf(error) };
  } finally {
    clearTimeout(timer);
    stop.abort();
    stage.close();
  }
}

/** Anything but a broken contract is a mistake of the case: then the place matters. */
function sentenceOf(error: unknown): string {
  if (error instanceof Broken) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
