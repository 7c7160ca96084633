import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migratePg } from '../../src/node/migrate.ts';
import { openPg } from '../../src/node/pg.ts';
import type { Database } from '../../src/ports/database.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { type Cluster, createCluster, isRoot, withClusters } from '../support/cluster.ts';
import { expectWhole, openLoad } from '../support/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-small-disk-'));
const lack = mountSmallDisk();

/** Why there is no small disk, or null. */
function mountSmallDisk(): string | null {
  if (process.platform !== 'linux' || !isRoot) return 'a small disk is mounted by root on Linux alone';
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=120m', 'parley-test', folder], { stdio: 'pipe' });
    return null;
  } catch (error) {
    return `no tmpfs can be mounted here: ${error instanceof Error ? error.message.split('\n')[1] : String(error)}`;
  }
}

afterAll(() => {
  if (lack === null) execFileSync('umount', [folder], { stdio: 'pipe' });
  rmSync(folder, { recursive: true, force: true });
});

withClusters(
  'a Postgres whose disk is full',
  () => {
    let cluster: Cluster;
    let db: Database;
    let stage: Stage;

    beforeAll(async () => {
      const small = { shared_buffers: '1MB', min_wal_size: '4MB', max_wal_size: '8MB', wal_recycle: 'off' };
      cluster = await createCluster(small, { folder, initdb: ['--wal-segsize=1'] });
      await migratePg(cluster.url);
      db = openPg({ connectionString: cluster.url });
      stage = openStage(db);
    }, 120_000);
    afterAll(async () => {
      await stage?.close();
      await db?.close();
      await cluster?.remove();
    });

    it('puts commands off with 503, has lost nothing that it acknowledged, and goes on once there is room', async () => {
      const load = await openLoad(stage, db);
      const filler = join(folder, 'filler');
      try {
        await load.moreAcknowledged(20);
        const fill = () => {
          const { bavail, bsize } = statfsSync(folder);
          for (let left = bavail * bsize; left >= 4096; left -= 65_536) {
            appendFileSync(filler, Buffer.alloc(Math.min(left, 65_536)));
          }
        };
        fill();
        await load.moreUnavailable(5);
        rmSync(filler);
        // Out of room for its log Postgres stops itself: whoever looks after it starts it again.
        if (
          await db.once('select 1').then(
            () => false,
            () => true,
          )
        )
          await cluster.start().catch(() => undefined);
        await load.moreAcknowledged(20);
      } finally {
        rmSync(filler, { force: true });
        await load.stop();
      }
      expect(load.odd).toEqual([]);
      await expectWhole(db, load.acknowledged);
    });
  },
  lack,
);
