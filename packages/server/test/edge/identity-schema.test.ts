import { getMigrations } from 'better-auth/db/migration';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { authOptions } from '../../src/identity/accounts.ts';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';

oneDatabase((_name, open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database?.close());

  it('has every table and column that the auth library asks for', async () => {
    const { toBeCreated, toBeAdded } = await getMigrations(authOptions(database.db, 'x'.repeat(43)));
    expect(toBeCreated).toEqual([]);
    expect(toBeAdded).toEqual([]);
  });

  it('rolls the person back with the account', async () => {
    const { db } = database;
    const attempt = db.tx(async (sql) => {
      await sql.query(
        `insert into identity."user" (name, email, "emailVerified") values ('Ada', 'ada@example.test', false)`,
      );
      throw new Error('no');
    });
    await expect(attempt).rejects.toThrow('no');
    expect(await db.once('select id from auth.users')).toEqual([]);
  });
});
