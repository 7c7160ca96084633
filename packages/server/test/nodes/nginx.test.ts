import { randomUUID } from 'node:crypto';
import { type Call, CLOSE } from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onPostgres, openTestPostgres, type TestDatabase } from '../support/databases.ts';
import { openLive } from '../support/live-socket.ts';
import type { MemorySocket } from '../support/memory-socket.ts';
import { describeNeeding } from '../support/needing.ts';
import { type Node, NodesStage, type Person } from '../support/nodes-stage.ts';
import { nginxLack, OwnNginx } from '../support/own-nginx.ts';
import { redisServerLack } from '../support/own-redis.ts';
import { until } from '../support/until.ts';

const lack = nginxLack ?? redisServerLack;

describeNeeding({ what: 'nginx and a redis-server', lack, timeout: 240_000 }, 'the nginx of docs/examples', () => {
  onPostgres('before two nodes', () => {
    let database: TestDatabase;
    let stage: NodesStage;
    let nginx: OwnNginx;
    beforeAll(async () => {
      database = await openTestPostgres();
      stage = await NodesStage.open(database, 2, { TRUST_PROXY: '1' });
      nginx = await OwnNginx.start(stage.nodes.map(({ url }) => url));
    });
    afterAll(async () => {
      await nginx?.close();
      await stage?.close();
      await database?.close();
    });

    const socketsOf = (node: Node) => stage.gauge(node, 'parley_sockets');

    it('takes sockets to both, rings across them, and keeps everybody going while one is drained', async () => {
      const [first, second] = stage.nodes;
      if (!first || !second) throw new Error('two nodes were wanted');
      const [ada, grace, ken, dennis] = await stage.people('Ada', 'Grace', 'Ken', 'Dennis');
      const people = [ada, grace, ken, dennis];
      const sockets: { readonly who: Person; readonly socket: MemorySocket }[] = [];
      for (const who of people) sockets.push({ who, socket: await openLive(nginx.url, who) });
      // Whoever opens a socket after another is on another node: nobody sticks to one.
      await until('sockets on the first node', () => socketsOf(first), 2);
      await until('sockets on the second node', () => socketsOf(second), 2);
      const [toAda, toGrace] = sockets.map(({ socket }) => socket);

      // Each request may be another node's; what it changes reaches the sockets of both.
      const call = await stage.call(nginx, ada, grace);
      expect(await toGrace?.next('ring')).toMatchObject({ ring: { callId: call.id } });
      expect((await stage.command(nginx, grace, call, 'accept')).status).toBe(200);
      await toAda?.next('call', ({ view }) => view.call.status === 'connecting');
      for (const who of [ada, grace]) await stage.command(nginx, who, call, 'media-connected');
      await toGrace?.next('call', ({ view }) => view.call.status === 'connected');

      const news: number[] = [];
      let muted = false;
      let going = true;
      const doing = (async () => {
        while (going) {
          muted = !muted;
          const { status } = await stage.command(nginx, ada, call, 'media-state', {
            isMuted: muted,
            videoEnabled: false,
          });
          news.push(status);
        }
      })();
      await until('commands are carried out', () => news.length > 5, true);

      // Two of the four are on it; they come back by the same address, to the one that is left.
      expect(await stage.stop(first)).toEqual({ code: 0, signal: null });
      await until('two sockets are sent away', () => sockets.filter(({ socket }) => socket.closed).length, 2);
      for (const { who, socket } of sockets.filter((one) => one.socket.closed)) {
        expect(socket.closed?.code).toBe(CLOSE.goingAway);
        const { received } = await openLive(nginx.url, who);
        const isInCall = who === ada || who === grace;
        expect(received[0]).toMatchObject({ t: 'welcome', calls: isInCall ? [{ call: { id: call.id } }] : [] });
      }
      await until('everybody is on the other one', () => socketsOf(second), 4);
      const before = news.length;
      await until('commands are carried out still', () => news.length > before + 5, true);
      going = false;
      await doing;
      // None of them was refused, or answered by the proxy itself.
      expect([...new Set(news)]).toEqual([200]);
      const { body } = await stage.ask<Call>(nginx, 'GET', `/api/calls/${call.id}`, grace);
      expect(body).toMatchObject({ status: 'connected', participants: [{ isMuted: muted }, {}] });
      const events = await stage.ask<{ items: { type: string }[] }>(nginx, 'GET', `/api/calls/${call.id}/events`, ada);
      expect(events.body.items.map(({ type }) => type)).not.toContain('dropped');
      const again = await stage.ask(nginx, 'POST', `/api/calls/${call.id}/leave`, ada, {}, randomUUID());
      expect(again.status).toBe(200);
    });
  });
});
