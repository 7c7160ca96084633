import type { CallView } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { onPostgres, openTestPostgres, type TestDatabase } from '../support/databases.ts';
import type { MemorySocket } from '../support/memory-socket.ts';
import { describeNeeding } from '../support/needing.ts';
import { type Node, NodesStage, type Person } from '../support/nodes-stage.ts';
import { redisServerLack } from '../support/own-redis.ts';

const status = (wanted: string, callId: string) => (message: { view: CallView }) =>
  message.view.call.id === callId && message.view.call.status === wanted;

describeNeeding({ what: 'a redis-server', lack: redisServerLack, timeout: 60_000 }, 'two nodes', () => {
  onPostgres('on one Postgres and one Redis', () => {
    let database: TestDatabase;
    let stage: NodesStage;
    let team: readonly [Person, Person, Person];
    const sockets: MemorySocket[] = [];
    const node = (index: 0 | 1): Node => stage.nodes[index] as Node;
    const connect = async (at: 0 | 1, person: Person): Promise<MemorySocket> => {
      const socket = await stage.connect(node(at), person);
      sockets.push(socket);
      return socket;
    };
    /** Another device of the same person. */
    const other = (person: Person): Person => ({
      ...person,
      deviceId: crypto.randomUUID(),
      instanceId: crypto.randomUUID(),
    });

    beforeAll(async () => {
      database = await openTestPostgres();
      stage = await NodesStage.open(database, 2);
      team = await stage.people('Ada', 'Grace', 'Ken');
    });
    afterEach(() => {
      for (const socket of sockets.splice(0)) socket.cut();
    });
    afterAll(async () => {
      await stage?.close();
      await database?.close();
    });

    it('a ring reaches the devices on the other node, and an accept there stops it everywhere', async () => {
      const [caller, callee] = team;
      const phone = other(callee);
      const a = await connect(0, caller);
      const g = await connect(1, callee);
      const p = await connect(0, phone);
      const call = await stage.call(node(0), caller, callee);
      const [ring, second] = [await g.next('ring'), await p.next('ring')];
      expect([ring.ring.callId, second.ring.callId]).toEqual([call.id, call.id]);
      g.say({ t: 'command', id: crypto.randomUUID(), name: 'accept', callId: call.id, body: {} });
      expect((await g.next('ack')).view.call.status).toBe('connecting');
      for (const socket of [a, p]) await socket.next('call', status('connecting', call.id));
      await stage.command(node(1), caller, call, 'leave');
      for (const socket of [a, g, p]) await socket.next('call', status('ended', call.id));
      expect(g.of('ring')).toHaveLength(1);
    });

    it('ready, relay and its refusals cross as within one node', async () => {
      const [caller, callee] = team;
      const [a, g] = [await connect(0, caller), await connect(1, callee)];
      const call = await stage.call(node(0), caller, callee);
      const { ring } = await g.next('ring');
      g.say({ t: 'ready', callId: call.id, ringId: ring.ringId });
      expect((await a.next('ready')).from).toEqual({
        userId: callee.id,
        deviceId: callee.deviceId,
        instanceId: callee.instanceId,
      });
      const relay = (to: Person, payload: string, epoch = 1) =>
        ({ t: 'relay', callId: call.id, to: to.instanceId, epoch, generation: 0, payload }) as const;
      const offer = 'v=0 '.repeat(15_000);
      a.say(relay(callee, offer));
      for (let i = 0; i < 50; i += 1) a.say(relay(callee, String(i)));
      expect((await g.next('relay')).payload).toBe(offer);
      for (let i = 0; i < 50; i += 1) expect((await g.next('relay')).payload).toBe(String(i));
      g.say(relay(caller, 'answer'));
      expect(await a.next('relay')).toMatchObject({ payload: 'answer', from: { instanceId: callee.instanceId } });
      a.say(relay(callee, 'x', 2));
      expect((await a.next('error')).problem.code).toBe('stale_epoch');
      await stage.command(node(1), callee, call, 'accept');
      await a.next('call', status('connecting', call.id));
      g.cut();
      // Until the other node has told that the socket is gone, the message comes back from it. What reaches that node before the socket's
      // end does goes to the socket, and is gone with it: a node that was stopped (SIGSTOP) between the two takes them in that order.
      const refusals = () => a.of('error').filter(({ problem }) => problem.code === 'peer_away').length;
      await expect
        .poll(() => {
          a.say(relay(callee, 'nobody hears this'));
          return refusals();
        })
        .toBeGreaterThan(0);
      // From then on each is answered.
      const said = a.of('error').length;
      for (let i = 0; i < 20; i += 1) a.say(relay(callee, 'nor this'));
      await expect.poll(() => a.of('error').length).toBeGreaterThanOrEqual(said + 20);
      expect(new Set(a.of('error').map(({ problem }) => problem.code))).toEqual(new Set(['stale_epoch', 'peer_away']));
      const back = await connect(0, callee);
      a.say(relay(callee, 'here again'));
      expect((await back.next('relay')).payload).toBe('here again');
      await stage.command(node(0), caller, call, 'leave');
    });

    it('presence is the same everywhere, and says who is in a call', async () => {
      // Of their own: those of the other tests are online for some seconds more.
      const [caller, callee, watcher] = await stage.people('Barbara', 'Radia', 'Dennis');
      const topic = `team:${await stage.teamOf(caller, node(0))}`;
      const w = await connect(0, watcher);
      w.say({ t: 'subscribe', topic });
      await w.next('presence', ({ kind }) => kind === 'sync');
      const g = await connect(1, callee);
      await w.next('presence', ({ kind, people }) => kind === 'join' && people.some((p) => p.userId === callee.id));
      const late = await connect(1, caller);
      late.say({ t: 'subscribe', topic });
      const wanted = [caller.id, callee.id, watcher.id];
      const seen = new Set(
        (await late.next('presence', ({ kind }) => kind === 'sync')).people.map(({ userId }) => userId),
      );
      // What the other node has not told yet comes as news.
      while (!wanted.every((id) => seen.has(id))) {
        for (const { userId } of (await late.next('presence')).people) seen.add(userId);
      }
      const call = await stage.talk(node(1), caller, callee);
      await w.next('presence', ({ people }) => people.some((p) => p.userId === callee.id && p.state === 'in_call'));
      await stage.command(node(0), caller, call, 'leave');
      await w.next('presence', ({ people }) => people.some((p) => p.userId === callee.id && p.state === 'online'));
      // Whoever moves to the other node was never away.
      g.cut();
      const moved = await connect(0, callee);
      moved.cut();
      await w.next('presence', ({ kind, people }) => kind === 'leave' && people.some((p) => p.userId === callee.id));
      const changes = w.of('presence').filter(({ people }) => people.some((p) => p.userId === callee.id));
      expect(changes.filter(({ kind }) => kind === 'leave')).toHaveLength(1);
    });

    it('an instance that connects to the other node has its socket there alone', async () => {
      const [caller] = team;
      const older = await connect(0, caller);
      await connect(1, caller);
      expect([4002, 4103]).toContain((await older.whenClosed()).code);
    });

    it('who is blocked loses the sockets on all nodes', async () => {
      const [linus] = await stage.people('Linus');
      const sockets = [await connect(0, linus), await connect(1, { ...linus, instanceId: crypto.randomUUID() })];
      await database.db.once(`update auth.users set banned_until = now() + interval '1 hour' where id = $1`, [
        linus.id,
      ]);
      for (const socket of sockets) expect((await socket.whenClosed()).code).toBe(4001);
    });
  });
});
