import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CALL_STATUSES,
  CALL_TYPES,
  END_REASONS,
  MEDIA_ENGINES,
  NOTIFICATION_TYPES,
  PARTICIPANT_STATES,
} from '@parley/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CALLS_SET, HOST_SET, type MigrationConnection, migrate, migratePg } from '../../src/node/migrate.ts';
import { openPg } from '../../src/node/pg.ts';
import { openPGlite, startPGlite } from '../../src/node/pglite.ts';
import type { Database } from '../../src/ports/database.ts';
import { createDatabase, eachDatabase, onPostgres, type TestDatabase } from '../support/databases.ts';

const OUR_TABLES = `select n.nspname || '.' || c.relname as name, c.oid, c.relrowsecurity as secured
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and n.nspname in ('public', 'auth', 'parley')`;

eachDatabase((_name, open) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await open();
  });
  afterAll(() => test.close());

  it('has the values of the machine in its enumerations, in their order', async () => {
    for (const [type, values] of Object.entries({
      call_status: CALL_STATUSES,
      call_type: CALL_TYPES,
      participant_state: PARTICIPANT_STATES,
      end_reason: END_REASONS,
      media_engine: MEDIA_ENGINES,
      notification_type: NOTIFICATION_TYPES,
    })) {
      const rows = await test.db.once<{ value: string }>(
        `select enumlabel as value from pg_enum where enumtypid = ('public.' || $1)::regtype order by enumsortorder`,
        [type],
      );
      expect(rows.map((row) => row.value)).toEqual(values);
    }
  });

  it('has row-level security on every table', async () => {
    const tables = await test.db.once<{ name: string; secured: boolean }>(OUR_TABLES);
    expect(tables.length).toBeGreaterThan(15);
    expect(tables.filter((table) => !table.secured)).toEqual([]);
  });

  it('lets no client write a table, and no anonymous request read one', async () => {
    const rows = await test.db.once<{ name: string }>(
      `select t.name || ' ' || r.role || ' ' || p.privilege as name
       from (${OUR_TABLES}) t
       cross join (values ('anon'), ('authenticated')) r (role)
       cross join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) p (privilege)
       where has_table_privilege(r.role, t.oid, p.privilege) and not (r.role = 'authenticated' and p.privilege = 'SELECT')`,
    );
    expect(rows).toEqual([]);
  });

  it('pins the search path of every function that runs with the rights of its owner', async () => {
    const rows = await test.db.once(
      `select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname in ('parley', 'auth', 'public') and p.prosecdef
         and not exists (select from unnest(p.proconfig) c where c = 'search_path=""')`,
    );
    expect(rows).toEqual([]);
  });

  it('lets clients call no function that writes', async () => {
    const rows = await test.db.once<{ proname: string }>(
      `select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname = 'parley' and has_function_privilege('authenticated', p.oid, 'execute')
         and p.provolatile = 'v' and p.proname <> 'clock'`,
    );
    expect(rows).toEqual([]);
  });

  it('has an index for each foreign key', async () => {
    const rows = await test.db.once(
      `select c.conrelid::regclass || '.' || c.conname as name from pg_constraint c
       where c.contype = 'f' and c.connamespace in ('public'::regnamespace, 'auth'::regnamespace)
         and not exists (
           select from pg_index i where i.indrelid = c.conrelid
             and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
         )`,
    );
    expect(rows).toEqual([]);
  });

  it('says of each table of the calls what it is for', async () => {
    const rows = await test.db.once(
      `select t.name from (${OUR_TABLES}) t where obj_description(t.oid, 'pg_class') is null`,
    );
    expect(rows).toEqual([]);
  });
});

/** The same story for either driver: a connection to an empty database, and what opens it for queries. */
function migrationStory(
  start: () => Promise<{ connection: MigrationConnection; db: Database; close(): Promise<void> }>,
) {
  let at: Awaited<ReturnType<typeof start>>;
  let folder: string;
  beforeAll(async () => {
    at = await start();
    folder = await mkdtemp(join(tmpdir(), 'parley-migrations-'));
  });
  afterAll(async () => {
    await at.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('applies both sets once, and each file twice by hand without harm', async () => {
    const { applied } = await migrate(at.connection, [HOST_SET, CALLS_SET]);
    expect(applied.length).toBeGreaterThan(20);
    expect((await migrate(at.connection, [HOST_SET, CALLS_SET])).applied).toEqual([]);
    await at.connection.query('delete from parley.migrations');
    expect((await migrate(at.connection, [HOST_SET, CALLS_SET])).applied).toEqual(applied);
  });

  it('stops at a file that fails with nothing of it left, and goes on there', async () => {
    const set = { name: 'later', folder };
    await writeFile(join(folder, '0001_one.sql'), 'create table parley.one (id int);');
    await writeFile(join(folder, '0002_two.sql'), 'create table parley.two (id int); select 1 / 0;');
    await expect(migrate(at.connection, [set])).rejects.toThrow(/later\/0002_two\.sql failed: division by zero/);
    const [row] = await at.connection.query<{ one: string | null; two: string | null }>(
      `select to_regclass('parley.one')::text as one, to_regclass('parley.two')::text as two`,
    );
    expect(row).toEqual({ one: 'parley.one', two: null });
    await writeFile(join(folder, '0002_two.sql'), 'create table parley.two (id int);');
    expect((await migrate(at.connection, [set])).applied).toEqual(['later/0002_two.sql']);
  });

  it('refuses a file that has changed since, and one without a number', async () => {
    const set = { name: 'later', folder };
    await writeFile(join(folder, '0001_one.sql'), 'create table parley.one (id bigint);');
    await expect(migrate(at.connection, [set])).rejects.toThrow(/later\/0001_one\.sql has changed since/);
    await writeFile(join(folder, 'three.sql'), 'select 1');
    await expect(migrate(at.connection, [set])).rejects.toThrow(/three\.sql is not named like a migration/);
  });
}

describe('migrations on PGlite', () => {
  migrationStory(async () => {
    const pglite = await startPGlite();
    const connection: MigrationConnection = {
      exec: async (text) => {
        await pglite.exec(text);
      },
      query: async <R extends object>(text: string, params: readonly unknown[] = []) =>
        (await pglite.query<R>(text, [...params])).rows,
    };
    const db = openPGlite(pglite);
    return { connection, db, close: () => db.close() };
  });
});

onPostgres('migrations on Postgres', () => {
  it('of two servers that start at the same moment are applied once', async () => {
    const { url, drop } = await createDatabase();
    const reports = await Promise.all([migratePg(url), migratePg(url), migratePg(url)]);
    expect(reports.map((r) => r.applied.length).filter((n) => n > 0)).toHaveLength(1);
    await drop();
  });

  it('of several databases of one cluster do not trip over the roles', async () => {
    const databases = await Promise.all([createDatabase(), createDatabase(), createDatabase()]);
    await Promise.all(databases.map(({ url }) => migratePg(url)));
    await Promise.all(databases.map(({ drop }) => drop()));
  });

  it('go onto a host that has people and teams of its own, and leave them alone', async () => {
    const { url, drop } = await createDatabase();
    const db = openPg({ connectionString: url });
    await db.once('create schema auth');
    for (const text of [
      'create table auth.users (id uuid primary key, email text)',
      `create function auth.uid() returns uuid language sql stable as $$ select null::uuid $$`,
      'create table public.teams (id uuid primary key)',
      'create table public.channels (id uuid primary key)',
      'create table public.team_members (team_id uuid references public.teams, user_id uuid references auth.users, primary key (team_id, user_id))',
    ]) {
      await db.once(text);
    }
    const { applied } = await migratePg(url);
    expect(applied.every((name) => name.startsWith('calls/'))).toBe(true);
    expect(await db.once('select * from parley.people')).toEqual([]);
    expect((await migratePg(url)).applied).toEqual([]);
    await db.close();
    await drop();
  });
});
