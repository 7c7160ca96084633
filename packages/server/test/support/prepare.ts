import { prepareDatabases } from './databases.ts';

/** Before the first test file of a run. */
export default prepareDatabases;
