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
