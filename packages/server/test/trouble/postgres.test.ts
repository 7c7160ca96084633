import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { migratePg } from '../../src/node/migrate.ts';
import { openPg } from '../../src/node/pg.ts';
import type { Database } from '../../src/ports/database.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { type Cluster, createCluster, withClusters } from '../support/cluster.ts';
import { type EdgeStage, openEdge } from '../support/edge-stage.ts';
import { expectWhole, openLoad } from '../support/load.ts';

const MAX_CONNECTIONS = 20;

withClusters('a Postgres in trouble', () => {
  let cluster: Cluster;
  let db: Database;
  let stage: Stage;
  let load: Awaited<ReturnType<typeof openLoad>> | undefined;

  beforeAll(async () => {
    cluster = await createCluster({ max_connections: String(MAX_CONNECTIONS), shared_buffers: '16MB' });
    await migratePg(cluster.url);
    db = openPg({ connectionString: cluster.url });
    stage = openStage(db);
  }, 120_000);
  afterEach(async () => {
    await load?.stop();
    load = undefined;
  });
  afterAll(async () => {
    await stage?.close();
    await db?.close();
    await cluster?.remove();
  });

  it('restarted three times under load, as after a pulled plug: 503, and nothing acknowledged is lost or half-done', async () => {
    load = await openLoad(stage, db);
    for (let i = 0; i < 3; i += 1) {
      await load.moreAcknowledged(25);
      await cluster.stop('immediate');
      await load.moreUnavailable(3);
      await cluster.start();
    }
    await load.moreAcknowledged(25);
    await load.stop();
    expect(load.odd).toEqual([]);
    await expectWhole(db, load.acknowledged);
  });

  it('without writes: 503 for commands, reads are answered, and no restart is needed afterwards', async () => {
    const { team, ada, grace } = await stage.people();
    const call = await stage.connected(team, ada, grace);
    const setReadOnly = async (value: 'on' | 'off') => {
      const admin = new pg.Client({ connectionString: cluster.url });
      await admin.connect();
      await admin.query('set default_transaction_read_only = off');
      await admin.query(`alter system set default_transaction_read_only = ${value}`);
      await admin.query('select pg_reload_conf()');
      await admin.end();
    };
    await setReadOnly('on');
    try {
      await expect.poll(async () => (await stage.command(ada, call.id, 'leave')).status).toBe(503);
      const refused = await stage.command(grace, call.id, 'leave');
      expect([refused.status, stage.code(refused)]).toEqual([503, 'database_unavailable']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await stage.get(ada, call.id)).status).toBe('connected');
    } finally {
      await setReadOnly('off');
    }
    await expect.poll(async () => (await stage.command(ada, call.id, 'leave')).status).toBe(200);
    expect((await stage.get(grace, call.id)).status).toBe('ended');
    expect(stage.errors).toEqual([]);
  });

  it('out of connections: 503, and served again as soon as there are some', async () => {
    load = await openLoad(stage, db);
    await load.moreAcknowledged(10);
    const hogs: pg.Client[] = [];
    const hog = async () => {
      const client = new pg.Client({ connectionString: cluster.url });
      client.on('error', () => undefined);
      await client.connect();
      hogs.push(client);
    };
    await hog();
    try {
      // Those of the server go one by one, and others take their places.
      while (load.unavailable() === 0 || hogs.length < MAX_CONNECTIONS) {
        await hogs[0]?.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'parley'`,
        );
        while (
          await hog().then(
            () => true,
            () => false,
          )
        );
        if (hogs.length >= MAX_CONNECTIONS) break;
      }
      await load.moreUnavailable(5);
    } finally {
      for (const client of hogs) await client.end().catch(() => undefined);
    }
    await load.moreAcknowledged(20);
    await load.stop();
    expect(load.odd).toEqual([]);
    await expectWhole(db, load.acknowledged);
  });

  it('away for longer than a lease: that time counts against nobody in a call', async () => {
    const { team, ada, grace } = await stage.people();
    const call = await stage.connected(team, ada, grace);
    await stage.sweeper.sweep();
    await cluster.stop('fast');
    await expect(stage.sweeper.sweep()).rejects.toMatchObject({ code: 'database_unavailable' });
    stage.clock.turn(45_000);
    expect((await stage.command(ada, call.id, 'media-state', { isMuted: true, videoEnabled: false })).status).toBe(503);
    await cluster.start();
    await expect
      .poll(
        () =>
          stage.sweeper.sweep().then(
            () => 'done',
            () => 'not yet',
          ),
        { timeout: 20_000 },
      )
      .toBe('done');
    expect((await stage.get(ada, call.id)).status).toBe('connected');
    expect((await stage.command(grace, call.id, 'media-state', { isMuted: true, videoEnabled: false })).status).toBe(
      200,
    );
    // From here on it counts again.
    await stage.pass(45_000);
    expect((await stage.get(ada, call.id)).status).toBe('ended');
  });

  it('away: every route that wants it says 503, and the same server serves again when it is back', async () => {
    const edge: EdgeStage = await openEdge(db);
    try {
      const session = await edge.signUp('Ada');
      const token = session.accessToken;
      const team = (await edge.post<{ id: string }>('/api/teams', { name: 'Acme' }, token)).body;
      const asks: [string, string, unknown?][] = [
        ['POST', '/api/auth/sign-up', { email: 'new@example.test', password: 'correct horse', displayName: 'New' }],
        ['POST', '/api/auth/sign-in', { email: session.email, password: 'correct horse' }],
        ['POST', '/api/auth/refresh', { refreshToken: session.refreshToken }],
        ['GET', '/api/me'],
        ['GET', '/api/teams'],
        ['POST', '/api/teams', { name: 'Other' }],
        ['GET', `/api/teams/${team.id}/members`],
        ['GET', `/api/teams/${team.id}/channels`],
        ['POST', `/api/teams/${team.id}/channels`, { name: 'design' }],
        ['POST', `/api/teams/${team.id}/invitations`, {}],
        ['GET', `/api/calls?teamId=${team.id}`],
        ['GET', '/api/notifications'],
      ];
      const ask = ([method, path, body]: (typeof asks)[number]) =>
        edge.ask<{ code?: string }>(method, path, { token, ...(body === undefined ? {} : { body }) });
      await cluster.stop('immediate');
      for (const one of asks) {
        const { status, body, headers } = await ask(one);
        expect([one[1], status, body.code]).toEqual([one[1], 503, 'database_unavailable']);
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect((await edge.get('/health/live')).status).toBe(200);
      expect((await edge.get('/health/ready')).status).toBe(503);
      await cluster.start();
      await expect.poll(async () => (await edge.get('/health/ready')).status, { timeout: 20_000 }).toBe(200);
      for (const one of asks) expect([one[1], (await ask(one)).status < 300]).toEqual([one[1], true]);
    } finally {
      if (
        await db.once('select 1').then(
          () => false,
          () => true,
        )
      )
        await cluster.start();
      await edge.stop();
    }
  });
});
