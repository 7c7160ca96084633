import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPg } from '../../src/node/pg.ts';
import { type Database, DatabaseUnavailable } from '../../src/ports/database.ts';
import { eachDatabase, onPostgres, openTestPostgres, type TestDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';

const raise = (code: string) => `do $$ begin raise exception 'made up' using errcode = '${code}'; end $$`;

eachDatabase((_name, open) => {
  let test: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    test = await open();
    db = test.db;
    await db.once('create table public.notes (id bigint primary key, at timestamptz, rate numeric, data jsonb)');
  });
  afterAll(() => test.close());

  it('gives numbers, instants and JSON as such, the same whatever drives it', async () => {
    const at = new Date('2026-11-22T20:00:00.123Z');
    await db.once('insert into public.notes values ($1, $2, $3, $4)', [2 ** 40, at, 1.25, JSON.stringify({ a: [1] })]);
    expect(await db.once('select * from public.notes')).toEqual([{ id: 2 ** 40, at, rate: 1.25, data: { a: [1] } }]);
    const ids = ['6f1c1a4e-0000-4000-8000-000000000000', '6f1c1a4e-0000-4000-8000-000000000001'];
    expect(await db.once('select id::text from unnest($1::uuid[]) id', [ids])).toEqual(ids.map((id) => ({ id })));
    expect(await db.once('select $1::text as nothing', [null])).toEqual([{ nothing: null }]);
  });

  it('takes back what a transaction did when it throws', async () => {
    const broken = db.tx(async (sql) => {
      await sql.query('insert into public.notes (id) values (1)');
      throw new Error('enough');
    });
    await expect(broken).rejects.toThrow('enough');
    expect(await db.once('select id from public.notes where id = 1')).toEqual([]);
  });

  for (const code of ['40001', '40P01']) {
    it(`tries a transaction that lost (${code}) again, three times at most`, async () => {
      let tries = 0;
      const result = db.tx(async (sql) => {
        tries += 1;
        if (tries <= 3) await sql.query(raise(code));
        return tries;
      });
      expect(await result).toBe(4);
      tries = 0;
      const hopeless = db.tx(async (sql) => {
        tries += 1;
        await sql.query(raise(code));
      });
      await expect(hopeless).rejects.toBeInstanceOf(DatabaseUnavailable);
      expect(tries).toBe(4);
    });
  }

  for (const code of ['53100', '57P01', '08006']) {
    it(`calls trouble of the database itself (${code}) by its name, and goes on after it`, async () => {
      await expect(db.once(raise(code))).rejects.toBeInstanceOf(DatabaseUnavailable);
      await expect(db.tx((sql) => sql.query(raise(code)))).rejects.toBeInstanceOf(DatabaseUnavailable);
      expect(await db.once('select 1 as one')).toEqual([{ one: 1 }]);
    });
  }

  it('throws a mistake of ours as what it is', async () => {
    await expect(db.once('select * from public.nothing')).rejects.toMatchObject({ code: '42P01' });
    await expect(db.once(raise('P0001'))).rejects.not.toBeInstanceOf(DatabaseUnavailable);
  });

  it('reads in the name of one person after another, also after one of them failed', async () => {
    const [ada, grace] = [await makePerson(db, 'Ada'), await makePerson(db, 'Grace')];
    const who = (id: string) =>
      db.readAs({ sub: id, isAnonymous: true }, async (sql) => {
        const rows = await sql.query<object>(
          `select auth.uid() as uid, current_user::text as role, auth.jwt() ->> 'is_anonymous' as guest`,
        );
        return rows[0];
      });
    expect(await who(ada.id)).toEqual({ uid: ada.id, role: 'authenticated', guest: 'true' });
    await expect(
      db.readAs({ sub: ada.id, isAnonymous: false }, (sql) => sql.query('select * from public.call_slots')),
    ).rejects.toMatchObject({ code: '42501' });
    expect(await who(grace.id)).toMatchObject({ uid: grace.id });
    const [after] = await db.once<{ uid: string | null }>('select auth.uid() as uid');
    expect(after?.uid).toBeNull();
  });
});

it('without a database behind the address is unavailable', async () => {
  const db = openPg({ connectionString: 'postgresql://postgres@127.0.0.1:1/none' });
  await expect(db.once('select 1')).rejects.toBeInstanceOf(DatabaseUnavailable);
  await expect(db.tx((sql) => sql.query('select 1'))).rejects.toBeInstanceOf(DatabaseUnavailable);
  await db.close();
});

onPostgres('connections to Postgres', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestPostgres();
  });
  afterAll(() => test.close());
  /** Ends all other connections to this database, as a restart would. */
  const cutOthers = (db: Database) =>
    db.once(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );

  describe('that break', () => {
    it('while idle are told of, and replaced by the next query', async () => {
      const told: string[] = [];
      const db = openPg({ connectionString: test.url ?? '', max: 1, onIdleError: (error) => told.push(error.message) });
      await db.once('select 1');
      await cutOthers(test.db);
      await expect.poll(() => told.length).toBe(1);
      expect(await db.once('select 1 as one')).toEqual([{ one: 1 }]);
      await db.close();
    });

    it('in the middle of a transaction fail it as unavailable, and the pool goes on', async () => {
      const db = openPg({ connectionString: test.url ?? '', max: 1 });
      const cut = db.tx(async (sql) => {
        await sql.query('select 1');
        await cutOthers(test.db);
        await sql.query('select 2');
      });
      await expect(cut).rejects.toBeInstanceOf(DatabaseUnavailable);
      expect(await db.once('select 1 as one')).toEqual([{ one: 1 }]);
      await db.close();
    });
  });

  it('two transactions that lock each other both come through', async () => {
    await test.db.once('create table public.locks (id int primary key, n int not null default 0)');
    await test.db.once('insert into public.locks values (1), (2)');
    const met: (() => void)[] = [];
    // On the first try each waits until the other has its first row.
    const both = new Promise<void>((resolve) => met.push(resolve));
    let arrived = 0;
    const cross = (first: number, second: number) =>
      test.db.tx(async (sql) => {
        await sql.query('update public.locks set n = n + 1 where id = $1', [first]);
        arrived += 1;
        if (arrived === 2) for (const go of met) go();
        if (arrived <= 2) await both;
        await sql.query('update public.locks set n = n + 1 where id = $1', [second]);
      });
    await Promise.all([cross(1, 2), cross(2, 1)]);
    expect(await test.db.once('select n from public.locks')).toEqual([{ n: 2 }, { n: 2 }]);
  });
});
