import { randomUUID } from 'node:crypto';
import type { Call } from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migratePg } from '../../src/node/migrate.ts';
import { openPg } from '../../src/node/pg.ts';
import type { Database } from '../../src/ports/database.ts';
import { type Cluster, createCluster, withClusters } from '../support/cluster.ts';
import { expectWhole } from '../support/load.ts';
import type { MemorySocket } from '../support/memory-socket.ts';
import { NodesStage, type Person } from '../support/nodes-stage.ts';
import { redisServerLack } from '../support/own-redis.ts';
import { until } from '../support/until.ts';

const RINGS_PER_SECOND = 50;
/** Each is busy with one ring at a time. */
const PAIRS = 30;

interface Pair {
  readonly caller: Person;
  readonly callee: Person;
  readonly socket: MemorySocket;
  busy: boolean;
}

withClusters(
  'a Postgres that is pulled',
  () => {
    let cluster: Cluster;
    let db: Database;
    let stage: NodesStage;

    beforeAll(async () => {
      cluster = await createCluster({ shared_buffers: '64MB' });
      await migratePg(cluster.url);
      db = openPg({ connectionString: cluster.url });
      stage = await NodesStage.open({ db, url: cluster.url }, 2);
    }, 180_000);
    afterAll(async () => {
      await stage?.close();
      await db?.close();
      await cluster?.remove();
    });

    it(`stopped in immediate mode under ${RINGS_PER_SECOND} rings a second: each acknowledged command is there once, and no node is restarted`, async () => {
      const pairs: Pair[] = [];
      for (let i = 0; i < PAIRS; i += 1) {
        const [caller, callee] = await stage.people(`Caller ${i}`, `Callee ${i}`);
        // Rings come from one node or the other, and the callee's socket is on one of them.
        const socket = await stage.connect(stage.nodes[i % 2] ?? stage.any(), callee);
        pairs.push({ caller, callee, socket, busy: false });
      }
      const teamOf = new Map<string, string>();
      for (const { caller } of pairs) teamOf.set(caller.id, await stage.teamOf(caller));

      const acknowledged: { callId: string; version: number }[] = [];
      const made = new Map<string, Pair>();
      const odd: unknown[] = [];
      let putOff = 0;
      let begun = 0;
      let asked = 0;

      /** Asks again under the same key, each time another node, until something else than "not now" comes. */
      async function insist(who: Person, path: string, body: unknown): Promise<Call | null> {
        const key = randomUUID();
        for (;;) {
          asked += 1;
          const node = stage.nodes[asked % 2] ?? stage.any();
          const answer = await stage.ask<Call>(node, 'POST', path, who, body, key);
          if (answer.status === 200 || answer.status === 201) {
            acknowledged.push({ callId: answer.body.id, version: answer.body.version });
            return answer.body;
          }
          if (answer.status !== 503) {
            odd.push({ path, ...answer });
            return null;
          }
          putOff += 1;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }

      async function ring(pair: Pair): Promise<void> {
        const { caller, callee } = pair;
        pair.busy = true;
        const body = { teamId: teamOf.get(caller.id), channelId: null, callType: 'audio', recipientIds: [callee.id] };
        const call = await insist(caller, '/api/calls', body);
        if (call) {
          made.set(call.id, pair);
          await insist(caller, `/api/calls/${call.id}/cancel`, {});
        }
        pair.busy = false;
      }

      const running = new Set<Promise<void>>();
      const timer = setInterval(() => {
        const pair = pairs.find(({ busy }) => !busy);
        if (!pair) return;
        // The next time another one.
        pairs.push(...pairs.splice(pairs.indexOf(pair), 1));
        begun += 1;
        const one = ring(pair)
          .catch((error: unknown) => void odd.push(error))
          .finally(() => running.delete(one));
        running.add(one);
      }, 1_000 / RINGS_PER_SECOND);
      const since = Date.now();
      for (let i = 0; i < 2; i += 1) {
        const goal = acknowledged.length + 150;
        await until('commands go through', () => odd.length > 0 || acknowledged.length >= goal, true, 60_000);
        await cluster.stop('immediate');
        const later = putOff + 20;
        await until('commands are put off', () => odd.length > 0 || putOff >= later, true, 60_000);
        await cluster.start();
      }
      const goal = acknowledged.length + 150;
      await until('commands go through again', () => odd.length > 0 || acknowledged.length >= goal, true, 60_000);
      clearInterval(timer);
      const seconds = (Date.now() - since) / 1_000;
      await Promise.all(running);
      expect(odd).toEqual([]);
      console.info(
        `${begun} rings in ${seconds.toFixed(1)} s with two outages in it, ${acknowledged.length} commands acknowledged, ${putOff} put off`,
      );

      await expectWhole(db, acknowledged);
      const [rows] = await db.once<{ calls: number; keys: number; notified: number }>(
        `select (select count(*) from public.call_sessions) as calls, (select count(*) from public.idempotency_keys) as keys,
                (select count(*) from public.call_notifications) as notified`,
      );
      // Each ring made one call, by a create and a cancel, and left the callee one entry.
      expect(rows).toEqual({ calls: begun, keys: 2 * begun, notified: begun });
      expect(made.size).toBe(begun);

      // Whoever listened has heard of everything, once: what was committed and not told was found in the ledger.
      for (const [callId, { socket }] of made) {
        const heard = () => socket.of('inbox').filter(({ item }) => item.callId === callId);
        await until(`the callee hears of ${callId}`, () => heard().length >= 1, true);
        expect(socket.of('call').some(({ view }) => view.call.id === callId && view.call.status === 'missed')).toBe(
          true,
        );
      }
      for (const node of stage.nodes) expect(node.process.exitCode).toBeNull();
    }, 240_000);
  },
  redisServerLack,
);
