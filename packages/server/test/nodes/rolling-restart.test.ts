import { randomUUID } from 'node:crypto';
import { createParleyClient, type ParleyClient, type SocketConnector, soloLocks } from '@parley/client';
import type { Call, CallEventRecord, Session } from '@parley/protocol';
import { FakeCapture, FakeDevices, FakeEngine, FakeRoom, MemoryStore } from '@parley/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openBalancer } from '../support/balancer.ts';
import { onPostgres, openTestPostgres, type TestDatabase } from '../support/databases.ts';
import { describeNeeding } from '../support/needing.ts';
import { NodesStage, type Person } from '../support/nodes-stage.ts';
import { redisServerLack } from '../support/own-redis.ts';
import { until } from '../support/until.ts';

const socket: SocketConnector = (url, handlers) => {
  const live = new WebSocket(url);
  live.on('open', () => handlers.open());
  live.on('message', (data) => handlers.message(String(data)));
  live.on('close', (code) => handlers.closed(code));
  live.on('error', () => undefined);
  return { send: (text) => live.send(text), close: (code) => live.close(code) };
};

describeNeeding({ what: 'a redis-server', lack: redisServerLack, timeout: 240_000 }, 'a rolling restart', () => {
  onPostgres('of two nodes behind a balancer', () => {
    let database: TestDatabase;
    let stage: NodesStage;
    let balancer: Awaited<ReturnType<typeof openBalancer>>;
    const clients: ParleyClient[] = [];
    /** How long each absence of a client lasted, in milliseconds. */
    const absences: number[] = [];

    beforeAll(async () => {
      database = await openTestPostgres();
      stage = await NodesStage.open(database, 2, { PARLEY_RING_TIMEOUT_MS: '200000' });
      balancer = await openBalancer(() => stage.nodes);
    });
    afterAll(async () => {
      for (const client of clients) client.dispose();
      await balancer?.close();
      await stage?.close();
      await database?.close();
    });

    const room = new FakeRoom();
    async function join(person: Person, displayName: string) {
      const { id, token: accessToken } = person;
      const expiresAt = new Date(Date.now() + 3_000_000).toISOString();
      const session: Session = { accessToken, refreshToken: 'none', expiresAt, user: { id, displayName } };
      const client = createParleyClient({
        baseUrl: balancer.url,
        fetch: (input, init) => fetch(input, init),
        socket,
        storage: new MemoryStore([['parley.session', JSON.stringify(session)]]),
        instanceStorage: null,
        locks: soloLocks(),
        clock: { now: Date.now, setTimeout, clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout) },
        ids: { uuid: () => randomUUID() },
        random: Math.random,
        capture: new FakeCapture(),
        devices: new FakeDevices(),
        levels: null,
        engines: { p2p: () => new FakeEngine(room) },
        hints: {
          onVisible: () => () => {},
          onHidden: () => () => {},
          onLeave: () => () => {},
          onNetwork: () => () => {},
        },
      });
      clients.push(client);
      let lostAt: number | null = null;
      client.subscribe(() => {
        const { connection } = client.snapshot();
        if (connection === 'online' && lostAt !== null) {
          absences.push(Date.now() - lostAt);
          lostAt = null;
        } else if (connection !== 'online') lostAt ??= Date.now();
      });
      await until(`${displayName} is online`, () => client.snapshot().connection, 'online');
      return { client, id };
    }

    it('is noticed by nobody: calls and rings go on, and what is asked meanwhile is done', async () => {
      const [first, second, third, fourth] = await stage.people('Ada', 'Grace', 'Ken', 'Dennis');
      const teamId = await stage.teamOf(first);
      const ada = await join(first, 'Ada');
      const grace = await join(second, 'Grace');
      const ken = await join(third, 'Ken');
      const dennis = await join(fourth, 'Dennis');
      const people = [ada, grace, ken, dennis];
      const call = (from: ParleyClient, to: { readonly id: string }) =>
        from.startCall({ teamId, channelId: null, callType: 'audio', userId: to.id });

      call(ada.client, grace);
      await until('it rings at Grace', () => grace.client.snapshot().incoming.length, 1);
      const { callId } = grace.client.snapshot().incoming[0]?.ring ?? { callId: '' };
      grace.client.accept(callId);
      for (const { client } of [ada, grace]) {
        await until('they talk', () => client.snapshot().active?.phase, 'connected');
      }
      call(ken.client, dennis);
      await until('it rings at Dennis', () => dennis.client.snapshot().incoming.length, 1);

      // Ada goes on doing things, and nobody shall ever see that the call is anything but connected.
      let muted = false;
      const doing = setInterval(() => {
        muted = !muted;
        ada.client.setMuted(muted);
      }, 300);
      const phases = new Set<string | undefined>();
      for (const { client } of [ada, grace]) client.subscribe(() => phases.add(client.snapshot().active?.phase));

      for (const old of [...stage.nodes]) {
        await stage.start();
        await stage.together();
        expect(await stage.stop(old)).toEqual({ code: 0, signal: null });
        for (const { client } of people) await until('they are back', () => client.snapshot().connection, 'online');
      }
      clearInterval(doing);

      expect([...phases]).toEqual(['connected']);
      expect(people.flatMap(({ client }) => client.snapshot().notices)).toEqual([]);
      expect(dennis.client.snapshot().incoming).toHaveLength(1);
      dennis.client.accept(dennis.client.snapshot().incoming[0]?.ring.callId ?? '');
      for (const { client } of [ken, dennis]) {
        await until('they talk too', () => client.snapshot().active?.phase, 'connected');
      }
      const rows = await database.db.once<{ type: string; data: CallEventRecord['data'] }>(
        'select type, data from public.call_events where call_session_id = $1 order by seq',
        [callId],
      );
      expect(rows.map(({ type }) => type)).not.toContain('dropped');
      const stored = async () => {
        const [row] = await database.db.once<{ is_muted: boolean }>(
          'select is_muted from public.call_participants where call_session_id = $1 and user_id = $2',
          [callId, ada.id],
        );
        return row?.is_muted;
      };
      await until('what Ada did last', stored, muted);
      ada.client.leave();
      await until('they have hung up', () => grace.client.snapshot().active, null);
      const [ended] = await database.db.once<Pick<Call, 'status'> & { end_reason: string }>(
        'select status, end_reason from public.call_sessions where id = $1',
        [callId],
      );
      expect(ended).toMatchObject({ status: 'ended', end_reason: 'hangup' });
      console.info(`${absences.length} moves, ms without a server: ${absences.sort((a, b) => a - b).join(', ')}`);
    });
  });
});
