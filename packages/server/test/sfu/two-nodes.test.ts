import { HeadlessMember } from '@parley/testing/headless';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVERYTHING, type LiveKitNode, startLiveKit, withLiveKit } from '../support/livekit.ts';
import { redisLack, redisUrl } from '../support/redis.ts';

withLiveKit(
  'two LiveKit nodes on one Redis',
  () => {
    const { hostname, port } = new URL(redisUrl);
    // LiveKit's keys have no prefix: a database of their own keeps them from everybody else's.
    const redis = { address: `${hostname}:${port || 6379}`, db: 13 };
    const nodes: LiveKitNode[] = [];
    const node = (index: 0 | 1) => nodes[index] as LiveKitNode;
    let count = 0;
    const newRoom = () => `cluster-${process.pid}-${++count}`;

    beforeAll(async () => {
      nodes.push(...(await Promise.all([startLiveKit({ redis }), startLiveKit({ redis })])));
    });
    afterAll(() => Promise.all(nodes.map((each) => each.kill())));

    const join = async (at: LiveKitNode, room: string, identity: string) => {
      const request = { room, identity, name: identity, grants: EVERYTHING, ttlSeconds: 600 };
      return HeadlessMember.join(at.joinUrl, (await at.media.issueToken(request)).token);
    };

    it('carry one call between people who came in by different nodes', async () => {
      const room = newRoom();
      const [ada, grace] = [await join(node(0), room, 'ada:desk'), await join(node(1), room, 'grace:phone')];
      await ada.publishTone();
      await grace.publishTone();
      await grace.publishFilm();
      await ada.until(
        'she hears and sees Grace',
        (me) => me.from('grace:phone').heard > 5 && me.from('grace:phone').frames > 3,
      );
      await grace.until('she hears Ada', (me) => me.from('ada:desk').heard > 5);
      for (const { media } of nodes) {
        const members = await media.members(room);
        expect(members?.map(({ identity }) => identity).toSorted()).toEqual(['ada:desk', 'grace:phone']);
      }
      await Promise.all([ada.leave(), grace.leave()]);
    });

    it('each put out, grant and close what the other has', async () => {
      const room = newRoom();
      const [ada, grace] = [await join(node(0), room, 'ada:desk'), await join(node(1), room, 'grace:phone')];
      await node(1).media.setGrants(room, 'ada:desk', { subscribe: false, publish: [] });
      await expect
        .poll(async () => (await node(0).media.members(room))?.find(({ identity }) => identity === 'ada:desk')?.grants)
        .toEqual({ subscribe: false, publish: [] });
      expect(await node(1).media.remove(room, 'ada:desk')).toBe(true);
      await ada.ended;
      expect(await node(1).media.remove(room, 'ada:desk')).toBe(false);
      await node(0).media.closeRoom(room);
      await grace.ended;
      for (const { media } of nodes) await expect.poll(() => media.members(room)).toBeNull();
    });

    it('carry a call on when one of them is gone', async () => {
      const room = newRoom();
      const [ada, grace] = [await join(node(0), room, 'ada:desk'), await join(node(1), room, 'grace:phone')];
      await node(0).kill();
      await Promise.all([ada.leave(), grace.leave()]);
      const back = await poll(() => join(node(1), room, 'ada:desk'));
      const graceBack = await poll(() => join(node(1), room, 'grace:phone'));
      await back.publishTone();
      await graceBack.until('she hears Ada', (me) => me.from('ada:desk').heard > 5);
      await Promise.all([back.leave(), graceBack.leave()]);
    });

    /** Until it works, as a client that comes back tries. */
    async function poll<T>(attempt: () => Promise<T>): Promise<T> {
      const deadline = Date.now() + 40_000;
      for (;;) {
        try {
          return await attempt();
        } catch (error) {
          if (Date.now() > deadline) throw error;
          await new Promise((resolve) => setTimeout(resolve, 250));
        }
      }
    }
  },
  redisLack,
);
