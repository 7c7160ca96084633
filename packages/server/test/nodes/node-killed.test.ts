import type { CallEventRecord, CallView } from '@parley/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { onPostgres, openTestPostgres, type TestDatabase } from '../support/databases.ts';
import { describeNeeding } from '../support/needing.ts';
import { type Node, NodesStage } from '../support/nodes-stage.ts';
import { redisServerLack } from '../support/own-redis.ts';
import { until } from '../support/until.ts';

const LEASE_MS = 6_000;
const status = (wanted: string, callId: string) => (message: { view: CallView }) =>
  message.view.call.id === callId && message.view.call.status === wanted;

describeNeeding({ what: 'a redis-server', lack: redisServerLack, timeout: 120_000 }, 'a node that is killed', () => {
  onPostgres('on one Postgres and one Redis', () => {
    let database: TestDatabase;
    let stage: NodesStage;
    const node = (index: 0 | 1): Node => stage.nodes[index] as Node;

    beforeEach(async () => {
      database = await openTestPostgres();
      stage = await NodesStage.open(database, 2, {
        PARLEY_RING_TIMEOUT_MS: '8000',
        PARLEY_HEARTBEAT_MS: '1000',
        PARLEY_LEASE_MS: String(LEASE_MS),
      });
    });
    afterEach(async () => {
      await stage?.close();
      await database?.close();
    });

    it('in the middle of rings: they go on, are answered and run out on the others', async () => {
      const [ada, grace, ken, dennis] = await stage.people('Ada', 'Grace', 'Ken', 'Dennis');
      const [a, k] = [await stage.connect(node(0), ada), await stage.connect(node(0), ken)];
      const [g, d] = [await stage.connect(node(1), grace), await stage.connect(node(1), dennis)];
      const [answered, unanswered] = [await stage.call(node(0), ada, grace), await stage.call(node(0), ken, dennis)];
      await g.next('ring');
      await d.next('ring');
      await stage.kill(node(0));
      // Those of the dead node come back to whoever is there, in the middle of their ring.
      await Promise.all([a.whenClosed(), k.whenClosed()]);
      const [back, backToo] = [await stage.connect(node(0), ada), await stage.connect(node(0), ken)];
      expect(back.of('welcome')[0]?.calls.map(({ call }) => [call.id, call.status])).toEqual([
        [answered.id, 'ringing'],
      ]);
      await stage.command(node(0), grace, answered, 'accept');
      await back.next('call', status('connecting', answered.id));
      // The timer of this ring died with its node.
      await d.next('call', status('missed', unanswered.id));
      await backToo.next('call', status('missed', unanswered.id));
      expect((await d.next('inbox')).item).toMatchObject({ callId: unanswered.id, type: 'missed' });
    });

    it('in the middle of calls: who comes back goes on talking, who does not has dropped when the lease is over', async () => {
      const [ada, grace, ken, dennis, linus] = await stage.people('Ada', 'Grace', 'Ken', 'Dennis', 'Linus');
      const [a] = [await stage.connect(node(0), ada), await stage.connect(node(0), ken)];
      const [g, d] = [await stage.connect(node(1), grace), await stage.connect(node(1), dennis)];
      const watcher = await stage.connect(node(1), linus);
      watcher.say({ t: 'subscribe', topic: `team:${await stage.teamOf(linus, node(1))}` });
      await watcher.next('presence', ({ people }) => people.some(({ userId }) => userId === ken.id));
      const [kept, lost] = [await stage.talk(node(0), ada, grace), await stage.talk(node(0), ken, dennis)];
      await g.next('call', status('connected', kept.id));
      await stage.kill(node(0));
      await a.whenClosed();
      await stage.connect(node(0), ada);
      await d.next('call', status('ended', lost.id));
      // Presence of whoever does not come back ends with the lease of the node, and the grace of a reload.
      const leftFor = (userId: string) =>
        watcher.of('presence').some(({ kind, people }) => kind === 'leave' && people.some((p) => p.userId === userId));
      await until('Ken is shown as gone', () => leftFor(ken.id), true);
      const { body } = await stage.ask<{ items: CallEventRecord[] }>(
        node(0),
        'GET',
        `/api/calls/${lost.id}/events`,
        dennis,
      );
      expect(body.items.at(-1)).toMatchObject({ type: 'dropped', data: { userId: ken.id } });
      expect(leftFor(ada.id)).toBe(false);
      const still = await stage.ask<{ status: string }>(node(0), 'GET', `/api/calls/${kept.id}`, grace);
      expect(still.body.status).toBe('connected');
      await stage.command(node(0), ada, kept, 'leave');
      await g.next('call', status('ended', kept.id));
    });
  });
});
