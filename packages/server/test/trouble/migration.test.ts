import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startChild } from '../support/child-server.ts';
import { createDatabase, onPostgres } from '../support/databases.ts';

/** In the middle of the second set. */
const AT = 'calls/0009_call_notifications.sql';

onPostgres('a migration that is interrupted', () => {
  let dir: string;
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let other: pg.Client;
  /** Within a transaction the activity of others is shown as it was when it was first looked at. */
  let watcher: pg.Client;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'parley-migration-'));
    database = await createDatabase();
    other = new pg.Client({ connectionString: database.url });
    await other.connect();
    watcher = new pg.Client({ connectionString: database.url });
    await watcher.connect();
  });
  afterAll(async () => {
    await other?.end();
    await watcher?.end();
    await database?.drop();
    rmSync(dir, { recursive: true, force: true });
  });

  const recorded = async () =>
    (await other.query<{ name: string }>('select name from parley.migrations order by applied_at, name')).rows.map(
      ({ name }) => name,
    );

  it('in the middle of a file is finished by the next start', { timeout: 120_000 }, async () => {
    const env = { DATABASE_URL: database.url, PARLEY_DATA_DIR: join(dir, 'data') };
    // Whoever makes a table of the same name waits for this transaction: the server stands still in the middle of a file.
    await other.query('begin');
    await other.query('create table public.call_notifications ()');
    const first = startChild(env);
    const waiting = () =>
      watcher.query(
        `select pid from pg_stat_activity
         where datname = current_database() and application_name = 'parley-migrate' and wait_event_type = 'Lock'`,
      );
    await expect.poll(async () => (await waiting()).rowCount, { timeout: 60_000 }).toBe(1);
    first.process.kill('SIGKILL');
    expect((await first.ended).signal).toBe('SIGKILL');
    await other.query('rollback');

    const before = await recorded();
    expect(before.length).toBeGreaterThan(5);
    expect(before).not.toContain(AT);
    const second = startChild(env);
    try {
      const url = await second.ready;
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
      const after = await recorded();
      expect(after.slice(0, before.length)).toEqual(before);
      expect(after).toContain(AT);
      expect(new Set(after).size).toBe(after.length);
    } finally {
      second.process.kill('SIGTERM');
      expect((await second.ended).code).toBe(0);
    }
  });
});
