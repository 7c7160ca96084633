import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');
const cache = join(root, '.cache', 'e2e');
export const resultsDir = join(cache, 'results');
export const labResultsDir = join(cache, 'lab-results');
export const screensResultsDir = join(cache, 'screens-results');
export const reportFile = process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? join(cache, 'report.json');
/** What the fake microphone plays and the fake camera shows. */
export const toneFile = join(cache, 'tone.wav');
export const filmFile = join(cache, 'film.y4m');
/** A data folder with the demo team in it, copied for each test: making one takes seconds. */
export const seededDataDir = join(cache, 'seeded');
/** Says where at the tests' Postgres the same stands, to be copied. */
export const seededDatabaseFile = join(cache, 'seeded-database.json');
