import { randomUUID } from 'node:crypto';
import type { CallView } from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/ports/clock.ts';
import type { Actor, CallUseCases } from '../../src/usecases/types.ts';
import { onPostgres, openTestPostgres, type TestDatabase } from '../support/databases.ts';
import { describeNeeding } from '../support/needing.ts';
import { type Node, NodesStage, type Person } from '../support/nodes-stage.ts';
import { redisServerLack } from '../support/own-redis.ts';
import { silentCalls } from '../support/silent-calls.ts';

const seen = (wanted: string, callId: string) => (message: { view: CallView }) =>
  message.view.call.id === callId && message.view.call.status === wanted;
const actor = ({ id, deviceId, instanceId }: Person): Actor => ({
  userId: id,
  isAnonymous: false,
  deviceId,
  instanceId,
});

describeNeeding(
  { what: 'a redis-server', lack: redisServerLack, timeout: 60_000 },
  'a commit that nobody was told of',
  () => {
    onPostgres('by a process that died before its message', () => {
      let database: TestDatabase;
      let stage: NodesStage;
      let calls: CallUseCases;
      const node = (index: 0 | 1): Node => stage.nodes[index] as Node;

      beforeAll(async () => {
        database = await openTestPostgres();
        stage = await NodesStage.open(database, 2);
        // All that such a process leaves: what it has committed.
        calls = silentCalls(database.db, systemClock);
      });
      afterAll(async () => {
        await stage?.close();
        await database?.close();
      });

      it('is found in the ledger by every node, and told once: ring, change, end and inbox', async () => {
        const [ada, grace] = await stage.people('Ada', 'Grace');
        const phone = { ...grace, deviceId: randomUUID(), instanceId: randomUUID() };
        const [a, g, p] = [
          await stage.connect(node(0), ada),
          await stage.connect(node(0), grace),
          await stage.connect(node(1), phone),
        ];
        const { view } = await calls.create(actor(ada), randomUUID(), {
          teamId: await stage.teamOf(ada),
          channelId: null,
          callType: 'audio',
          recipientIds: [grace.id],
        });
        const { id } = view.call;
        const rings = [await g.next('ring'), await p.next('ring')];
        expect(rings.map(({ ring }) => ring.callId)).toEqual([id, id]);
        await a.next('call', seen('ringing', id));
        // Told as usual from here on: a node goes on from what it has found.
        const again = await stage.command(node(1), ada, view.call, 'cancel');
        expect(again.status).toBe(200);
        for (const socket of [a, g, p]) await socket.next('call', seen('missed', id));
        expect((await p.next('inbox')).item.callId).toBe(id);
        for (const socket of [g, p]) expect(socket.of('ring')).toHaveLength(1);
      });
    });
  },
);
