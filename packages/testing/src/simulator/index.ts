export { type KeptSeed, keptSeeds } from './kept-seeds.ts';
export { MemoryLedger, type MemoryLedgerOptions } from './ledger/memory-database.ts';
export { type Plan, planOf } from './plan.ts';
export { shrink } from './shrink.ts';
export { simulate } from './simulate.ts';
