/**
 * How often each contestant has its turn. `PARLEY_BENCH_ROUNDS=2` makes a short run of any bench that goes in rounds, to see something
 * soon; its intervals are wide.
 * @throws Error where the variable makes no sense
 */
export function roundsOf(usual: number, smoke: boolean, given = process.env.PARLEY_BENCH_ROUNDS): number {
  if (smoke) return 1;
  if (given === undefined || given === '') return usual;
  const rounds = Number(given);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100)
    throw new Error('PARLEY_BENCH_ROUNDS must be a number from 1 to 100.');
  return rounds;
}

/** Round trips between each two hosts that a bench of the lab goes through, in milliseconds. */
const ROUND_TRIPS: readonly number[] = [0, 50, 100, 200];

/**
 * `PARLEY_BENCH_ROUND_TRIPS=0,100` takes others.
 * @param brief the only one of a smoke @throws Error where the variable makes no sense
 */
export function roundTripsOf(
  smoke: boolean,
  brief: number,
  given = process.env.PARLEY_BENCH_ROUND_TRIPS,
): readonly number[] {
  if (smoke) return [brief];
  if (given === undefined || given === '') return ROUND_TRIPS;
  const found = given.split(',').map(Number);
  if (given.trim() === '' || found.some((ms) => !Number.isInteger(ms) || ms < 0 || ms > 2_000))
    throw new Error('PARLEY_BENCH_ROUND_TRIPS must be numbers from 0 to 2000, separated by commas.');
  return found;
}
