import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { migratePg } from '../../src/node/migrate.ts';
import { openPg } from '../../src/node/pg.ts';
import { openStage } from '../support/call-stage.ts';
import { createCluster, postgresBin, withClusters } from '../support/cluster.ts';
import { openTestPostgres } from '../support/databases.ts';
import { expectWhole, openLoad } from '../support/load.ts';

const execute = promisify(execFile);
const run = (program: string, ...args: string[]) => execute(join(postgresBin ?? '', program), args);

withClusters('a backup', () => {
  it('with pg_dump, taken while people call, restored into a new cluster, serves the same history', async () => {
    const source = await openTestPostgres();
    const stage = openStage(source.db);
    const folder = mkdtempSync(join(tmpdir(), 'parley-backup-'));
    const cluster = await createCluster();
    try {
      const { team, ada, grace } = await stage.people();
      const first = await stage.connected(team, ada, grace);
      await stage.command(ada, first.id, 'leave');
      const second = (await stage.create(team, ada, grace)).body;
      await stage.command(ada, second.id, 'cancel');
      await stage.request(grace, 'POST', `/api/channels/${team.channelId}/messages`, { content: 'Kept for later' });

      const load = await openLoad(stage, source.db, 2);
      await load.moreAcknowledged(20);
      const before = [...load.acknowledged];
      const dump = join(folder, 'parley.dump');
      // As docs/operations.md says.
      await run('pg_dump', '--format=custom', `--file=${dump}`, source.url ?? '');
      const roles = join(folder, 'roles.sql');
      await run('pg_dumpall', '--roles-only', `--file=${roles}`, `--dbname=${source.url ?? ''}`);
      await load.moreAcknowledged(5);
      await load.stop();
      expect(existsSync(dump)).toBe(true);

      const target = new URL(cluster.url);
      target.pathname = '/parley';
      await run('psql', '--no-psqlrc', '-c', 'create database parley', cluster.url);
      // Roles that are there already are complained of, and kept.
      await run('psql', '--no-psqlrc', '--quiet', '-f', roles, cluster.url);
      await run('pg_restore', '--exit-on-error', '--no-owner', `--dbname=${target.href}`, dump);

      // The next start finds nothing to migrate.
      expect((await migratePg(target.href)).applied).toEqual([]);
      const db = openPg({ connectionString: target.href });
      const restored = openStage(db);
      try {
        for (const who of [ada, grace]) {
          const history = (s: typeof stage) => s.request(who, 'GET', `/api/calls?teamId=${team.id}`);
          expect((await history(restored)).body).toEqual((await history(stage)).body);
          for (const { id } of [first, second]) {
            expect(await restored.events(who, id)).toEqual(await stage.events(who, id));
          }
          expect(await restored.inbox(who)).toEqual(await stage.inbox(who));
          const chat = (s: typeof stage) => s.request(who, 'GET', `/api/channels/${team.channelId}/messages`);
          expect((await chat(restored)).body).toEqual((await chat(stage)).body);
        }
        await expectWhole(db, before);
        // And it is a living installation: the next call goes through.
        expect((await restored.connected(team, grace, ada)).status).toBe('connected');
      } finally {
        await restored.close();
        await db.close();
      }
    } finally {
      await stage.close();
      await source.close();
      await cluster.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
