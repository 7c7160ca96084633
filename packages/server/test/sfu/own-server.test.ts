import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadlessMember } from '@parley/testing/headless';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createLiveKit } from '../../src/node/sfu/livekit.ts';
import { type ChildServer, startChild } from '../support/child-server.ts';
import { EVERYTHING, withLiveKit } from '../support/livekit.ts';

const notLinux = process.platform === 'linux' ? null : 'processes are looked up in /proc';

interface Running {
  readonly pid: number;
  readonly config: { readonly port: number; readonly rtc: { readonly tcp_port: number; readonly udp_port: number } };
}

withLiveKit(
  'a media server of one’s own',
  () => {
    let dir: string;
    let server: ChildServer;
    let url: string;

    const start = () => {
      server = startChild({ PARLEY_DATA_DIR: dir, PARLEY_LIVEKIT: 'auto', HOME: process.env.HOME ?? '' });
    };
    beforeAll(() => {
      dir = mkdtempSync(join(tmpdir(), 'parley-sfu-'));
      start();
    });
    // The same for all, unless a test has ended it: the first start of a database takes long.
    beforeEach(async () => {
      if (server.process.exitCode !== null || server.process.signalCode !== null) start();
      url = await server.ready;
      await becomes('ready');
    }, 120_000);
    afterAll(async () => {
      server.process.kill('SIGKILL');
      await server.ended;
      rmSync(dir, { recursive: true, force: true });
    });

    /** The LiveKits of this server: they tell what happens to its address alone. */
    function running(): Running[] {
      return readdirSync('/proc').flatMap((entry) => {
        const pid = Number(entry);
        if (!Number.isInteger(pid)) return [];
        try {
          if (!/livekit-server[^/]*$/.test(readlinkSync(`/proc/${pid}/exe`))) return [];
          const line = readFileSync(`/proc/${pid}/environ`, 'utf8')
            .split('\0')
            .find((one) => one.startsWith('LIVEKIT_CONFIG='));
          const config = JSON.parse(line?.slice('LIVEKIT_CONFIG='.length) ?? '{}');
          return config.webhook?.urls?.[0] === `${url}/api/media/webhook` ? [{ pid, config }] : [];
        } catch {
          // It ended in between, or is not ours to look at.
          return [];
        }
      });
    }
    const sfu = async () => ((await (await fetch(`${url}/health/ready`)).json()) as { sfu: string }).sfu;
    const becomes = (state: string) => expect.poll(sfu, { timeout: 30_000, interval: 50 }).toBe(state);
    const only = (): Running => {
      const [one, ...others] = running();
      if (one === undefined || others.length > 0) throw new Error(`${others.length + (one ? 1 : 0)} media servers`);
      return one;
    };
    /** What the server itself does, with the keys that it keeps. */
    const media = () => {
      const { port } = only().config;
      const keys = JSON.parse(readFileSync(join(dir, 'livekit-keys.json'), 'utf8'));
      const serverUrl = () => `http://127.0.0.1:${port}`;
      return createLiveKit({ keys, serverUrl, publicUrl: () => null, state: () => 'ready' });
    };
    const tokenFor = async (identity: string) => {
      const request = { room: 'here', identity, name: identity, grants: EVERYTHING, ttlSeconds: 600 };
      return (await media().issueToken(request)).token;
    };
    const joinUrl = () => `${url.replace(/^http/, 'ws')}/livekit`;

    it('is reached through the server’s own port; its keys, its log and its administration are nobody else’s', async () => {
      expect(statSync(join(dir, 'livekit-keys.json')).mode & 0o777).toBe(0o600);
      const { secret } = JSON.parse(readFileSync(join(dir, 'livekit-keys.json'), 'utf8'));
      expect(readFileSync(`/proc/${only().pid}/cmdline`, 'utf8')).not.toContain(secret);
      const [ada, grace] = [
        await HeadlessMember.join(joinUrl(), await tokenFor('ada:desk')),
        await HeadlessMember.join(joinUrl(), await tokenFor('grace:phone')),
      ];
      await ada.publishTone();
      await grace.until('she hears Ada', (me) => me.from('ada:desk').heard > 5);
      await Promise.all([ada.leave(), grace.leave()]);

      expect((await fetch(`${url}/livekit/rtc/validate?access_token=nonsense`)).status).toBe(401);
      expect((await fetch(`${url}/livekit/rtc/validate?access_token=${await tokenFor('ada:desk')}`)).status).toBe(200);
      for (const path of ['twirp/livekit.RoomService/ListRooms', 'debug/rooms', 'rtc/../twirp/x', 'agent']) {
        const answer = await fetch(`${url}/livekit/${path}`, { method: 'POST', body: '{}' });
        expect([404, 405]).toContain(answer.status);
      }
      expect(statSync(join(dir, 'logs', 'livekit.log')).size).toBeGreaterThan(0);
      expect(server.out()).not.toContain('starting LiveKit server');
    });

    it('comes back on the same ports when it is killed in mid-call, and people with it', async () => {
      const before = only();
      const ada = await HeadlessMember.join(joinUrl(), await tokenFor('ada:desk'));
      process.kill(before.pid, 'SIGKILL');
      await expect.poll(() => running()[0]?.pid ?? before.pid, { timeout: 20_000 }).not.toBe(before.pid);
      await becomes('ready');
      expect(only().config.port).toBe(before.config.port);
      expect(only().config.rtc).toEqual(before.config.rtc);
      await ada.leave();
      const back = await HeadlessMember.join(joinUrl(), await tokenFor('ada:desk'));
      expect((await media().members('here'))?.map(({ identity }) => identity)).toEqual(['ada:desk']);
      await back.leave();
    });

    it('ends with the server, though somebody is in a call', async () => {
      await HeadlessMember.join(joinUrl(), await tokenFor('ada:desk')).then((ada) => ada.publishTone());
      server.process.kill('SIGTERM');
      expect(await server.ended).toMatchObject({ code: 0 });
      expect(running()).toEqual([]);
    });

    it('ends with the server that was killed, in mid-call too', async () => {
      await HeadlessMember.join(joinUrl(), await tokenFor('ada:desk')).then((ada) => ada.publishTone());
      server.process.kill('SIGKILL');
      await server.ended;
      await expect.poll(() => running(), { timeout: 10_000 }).toEqual([]);
    });
  },
  notLinux,
);
