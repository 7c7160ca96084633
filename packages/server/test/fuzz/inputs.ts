/** How many inputs there are in all, and where they begin: `PARLEY_FUZZ=1000000 PARLEY_FUZZ_SEED=7` for more, or again. */
export const INPUTS = Number(process.env.PARLEY_FUZZ ?? 100_000);
export const SEED = Number(process.env.PARLEY_FUZZ_SEED ?? Date.now() % 1_000_000_000);
