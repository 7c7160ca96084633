import type { Violation } from './invariants.ts';
import type { Plan } from './plan.ts';
import { type SimulateOptions, simulate } from './simulate.ts';

export interface Shrunk {
  readonly plan: Plan;
  readonly violation: Violation;
}

/** Runs that shrinking may take: what is left then is small enough to read. */
const MOST_RUNS = 300;

/** Takes away what a failure does not need: steps, many at a time and then one by one, then wrong clocks and nodes. */
export async function shrink(plan: Plan, violation: Violation, options: SimulateOptions = {}): Promise<Shrunk> {
  let best: Shrunk = { plan, violation };
  let runs = 0;
  const tries = async (smaller: Plan): Promise<boolean> => {
    if (runs >= MOST_RUNS) return false;
    runs += 1;
    const found = (await simulate(smaller, options)).violation;
    if (found?.rule !== violation.rule) return false;
    best = { plan: smaller, violation: found };
    return true;
  };
  for (let size = Math.ceil(plan.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.plan.steps.length; ) {
      const steps = best.plan.steps.toSpliced(at, size);
      if (!(await tries({ ...best.plan, steps }))) at += size;
    }
  }
  await tries({ ...best.plan, skews: best.plan.skews.map(() => 0) });
  await tries({ ...best.plan, off: [] });
  for (let nodes = 1; nodes < best.plan.nodes; nodes += 1) if (await tries({ ...best.plan, nodes })) break;
  return best;
}
