import { randomUUID } from 'node:crypto';
import type { CallView } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { onPostgres, openTestPostgres, type TestDatabase } from '../support/databases.ts';
import type { MemorySocket } from '../support/memory-socket.ts';
import { describeNeeding } from '../support/needing.ts';
import { type Node, NodesStage, type Person } from '../support/nodes-stage.ts';
import { redisServerLack } from '../support/own-redis.ts';

/** Seconds without Redis. A whole minute only when somebody asks for it. */
const SECONDS = process.env.PARLEY_LONG === '1' ? [1, 10, 60] : [1, 10];

/** Created, accepted, left: how many events a whole call has. */
const SEQS = 3;

/** What a socket has heard of a call, each number once. */
const seqsOf = (socket: MemorySocket, callId: string): number[] => {
  const heard = socket.of('call').filter(({ view }) => view.call.id === callId);
  return [...new Set(heard.flatMap(({ events }) => events.map(({ seq }) => seq)))].sort((x, y) => x - y);
};

describeNeeding({ what: 'a redis-server', lack: redisServerLack, timeout: 180_000 }, 'Redis away', () => {
  onPostgres('for three nodes on one Postgres', () => {
    let database: TestDatabase;
    let stage: NodesStage;
    const node = (index: 0 | 1 | 2): Node => stage.nodes[index] as Node;

    beforeAll(async () => {
      database = await openTestPostgres();
      stage = await NodesStage.open(database, 3);
    });
    // One that failed in the middle is to fail alone.
    afterEach(() => stage?.redis.restore());
    afterAll(async () => {
      await stage?.close();
      await database?.close();
    });

    interface Pair {
      readonly caller: Person;
      readonly callee: Person;
      readonly a: MemorySocket;
      readonly b: MemorySocket;
    }

    /** Two who call each other from node to node, with their sockets. */
    async function pair(): Promise<Pair> {
      const [caller, callee] = await stage.people('Ada', 'Grace');
      const [a, b] = [await stage.connect(node(0), caller), await stage.connect(node(1), callee)];
      return { caller, callee, a, b };
    }

    /**
     * A call from ring to end, with a word between the devices; everybody hears of everything. What a Redis lost may come twice, once
     * from the ledger and once from the node that sent it: clients know it by the ring's id and the call's version.
     */
    async function wholeCall({ caller, callee, a, b }: Pair): Promise<void> {
      const seen = (socket: MemorySocket, callId: string, status: string) =>
        socket.next('call', ({ view }: { view: CallView }) => view.call.id === callId && view.call.status === status);
      const call = await stage.call(node(2), caller, callee);
      const { ring } = await b.next('ring', (message) => message.ring.callId === call.id);
      b.say({ t: 'ready', callId: call.id, ringId: ring.ringId });
      await a.next('ready', ({ callId }) => callId === call.id);
      const payload = randomUUID();
      a.say({ t: 'relay', callId: call.id, to: callee.instanceId, epoch: 1, generation: 0, payload });
      await b.next('relay', (message) => message.payload === payload);
      b.say({ t: 'command', id: randomUUID(), name: 'accept', callId: call.id, body: {} });
      await seen(a, call.id, 'connecting');
      a.say({ t: 'command', id: randomUUID(), name: 'leave', callId: call.id, body: {} });
      await seen(b, call.id, 'ended');
      const rings = b.of('ring').filter((message) => message.ring.callId === call.id);
      expect(new Set(rings.map((message) => message.ring.ringId))).toEqual(new Set([ring.ringId]));
      for (const socket of [a, b]) {
        await expect.poll(() => seqsOf(socket, call.id)).toEqual(Array.from({ length: SEQS }, (_, i) => i + 1));
      }
    }

    it.each(
      SECONDS.flatMap(
        (seconds) =>
          [
            { seconds, how: 'killed' },
            { seconds, how: 'hanging' },
          ] as const,
      ),
    )(
      '$how for $seconds s: calls go on by Postgres, then by Redis again, without a restart',
      async ({ seconds, how }) => {
        const people = await pair();
        await stage.carried('redis');
        await wholeCall(people);
        const since = Date.now();
        if (how === 'killed') await stage.redis.kill();
        else stage.redis.freeze();
        let calls = 0;
        while (Date.now() - since < seconds * 1_000 || calls === 0) {
          await wholeCall(people);
          calls += 1;
        }
        if (how === 'killed') await stage.redis.start();
        else stage.redis.thaw();
        await wholeCall(people);
        await stage.carried('redis');
        await wholeCall(people);
        expect(calls).toBeGreaterThan(0);
        for (const { process, err } of stage.nodes) {
          expect(process.exitCode).toBeNull();
          expect(err()).not.toMatch(/"level":50/);
        }
      },
    );

    it('a node that starts meanwhile is one of them', async () => {
      await stage.redis.kill();
      await stage.carried('postgres');
      const newcomer = await stage.start();
      await stage.together();
      const [ada, grace] = await stage.people('Ada', 'Grace');
      const g = await stage.connect(newcomer, grace);
      const call = await stage.call(node(0), ada, grace);
      await g.next('ring', ({ ring }) => ring.callId === call.id);
      await stage.redis.start();
      await stage.carried('redis');
      await stage.command(node(1), ada, call, 'cancel');
      await g.next('inbox', ({ item }) => item.callId === call.id);
    });
  });
});
