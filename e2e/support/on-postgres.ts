import { DistantDatabase } from './database.ts';
import { missingPostgres } from './own-database.ts';
import { test as base } from './test.ts';

/** On a database of a real Postgres, for what is to be seen in its rows or while it is away. */
export const test = base.extend<{ database: DistantDatabase }>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of what a fixture wants
  database: async ({}, use, testInfo) => {
    const lack = await missingPostgres();
    if (lack !== null && process.env.CI === 'true') throw new Error(lack);
    testInfo.skip(lack !== null, lack ?? '');
    const database = await DistantDatabase.create();
    await use(database);
    await database.drop();
  },
  serverEnv: async ({ database }, use) => use({ DATABASE_URL: database.url }),
});
