export { CASES, CHAPTERS } from './cases.ts';
export { conform, type Verdict } from './run.ts';
