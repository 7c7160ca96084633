import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadlessMember } from '@parley/testing/headless';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createLiveKit } from '../../src/node/sfu/livekit.ts';
import { identityOf } from '../../src/usecases/media-grants.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { type ChildServer, startChild } from '../support/child-server.ts';
import { openTestPostgres, postgresLack, type TestDatabase } from '../support/databases.ts';
import { EVERYTHING, withLiveKit } from '../support/livekit.ts';
import type { TestPerson } from '../support/people.ts';

/** Longer than any test: the people here have no sockets that keep them present. */
const LONG_MS = 600_000;
const notLinux = process.platform === 'linux' ? null : 'processes are looked up in /proc';

interface Running {
  readonly pid: number;
  readonly config: { readonly port: number; readonly rtc: { readonly tcp_port: number; readonly udp_port: number } };
}

/** Those that a process has open, by /proc/net/udp (proc(5)): local address and port in hexadecimal, the inode in the tenth column. */
function udpPortsOf(pid: number): number[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      } catch {
        // Closed in between.
        return undefined;
      }
    }),
  );
  return ['udp', 'udp6'].flatMap((family) =>
    readFileSync(`/proc/net/${family}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => inodes.has(columns[9] ?? ''))
      .map((columns) => Number.parseInt(columns[1]?.split(':').at(-1) ?? '', 16)),
  );
}

withLiveKit(
  'a media server of one’s own',
  () => {
    let dir: string;
    let server: ChildServer;
    let url: string;
    let database: TestDatabase;
    let stage: Stage;
    let ada: TestPerson;
    let grace: TestPerson;
    let callId: string;
    let room: string;

    const start = (env: Record<string, string> = {}) => {
      server = startChild({
        DATABASE_URL: database.url ?? '',
        PARLEY_DATA_DIR: dir,
        PARLEY_LEASE_MS: `${LONG_MS}`,
        PARLEY_LIVEKIT: 'auto',
        HOME: process.env.HOME ?? '',
        ...env,
      });
    };
    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'parley-sfu-'));
      database = await openTestPostgres();
      // A call on the media server, made beside the server: what it does with its room is what is looked at here.
      stage = openStage(database.db, { settings: { leaseMs: LONG_MS, connectTimeoutMs: LONG_MS } });
      const people = await stage.people();
      ({ ada, grace } = people);
      callId = (await stage.create(people.team, ada, grace)).body.id;
      await stage.command(grace, callId, 'accept');
      const [row] = await database.db.once<{ room_name: string }>(
        "update public.call_sessions set media_engine = 'livekit' where id = $1 returning room_name",
        [callId],
      );
      room = row?.room_name ?? '';
      start();
    });
    // The same for all, unless a test has ended it.
    beforeEach(async () => {
      if (server.process.exitCode !== null || server.process.signalCode !== null) start();
      url = await server.ready;
      await becomes('ready');
    }, 120_000);
    afterAll(async () => {
      server.process.kill('SIGKILL');
      await server.ended;
      rmSync(dir, { recursive: true, force: true });
      await stage.close();
      await database.close();
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
    const seat = (who: TestPerson) => identityOf(who.id, who.deviceId);
    const tokenFor = async (identity: string) => {
      const request = { room, identity, name: identity, grants: EVERYTHING, ttlSeconds: 600 };
      return (await media().issueToken(request)).token;
    };
    const joinUrl = () => `${url.replace(/^http/, 'ws')}/livekit`;

    it('is reached through the server’s own port; its keys, its log and its administration are nobody else’s', async () => {
      expect(statSync(join(dir, 'livekit-keys.json')).mode & 0o777).toBe(0o600);
      const { secret } = JSON.parse(readFileSync(join(dir, 'livekit-keys.json'), 'utf8'));
      expect(readFileSync(`/proc/${only().pid}/cmdline`, 'utf8')).not.toContain(secret);
      const [one, other] = [
        await HeadlessMember.join(joinUrl(), await tokenFor(seat(ada))),
        await HeadlessMember.join(joinUrl(), await tokenFor(seat(grace))),
      ];
      await one.publishTone();
      await other.until('she hears Ada', (me) => me.from(seat(ada)).heard > 5);
      await Promise.all([one.leave(), other.leave()]);

      expect((await fetch(`${url}/livekit/rtc/validate?access_token=nonsense`)).status).toBe(401);
      expect((await fetch(`${url}/livekit/rtc/validate?access_token=${await tokenFor(seat(ada))}`)).status).toBe(200);
      for (const path of ['twirp/livekit.RoomService/ListRooms', 'debug/rooms', 'rtc/../twirp/x', 'agent']) {
        const answer = await fetch(`${url}/livekit/${path}`, { method: 'POST', body: '{}' });
        expect([404, 405]).toContain(answer.status);
      }
      expect(statSync(join(dir, 'logs', 'livekit.log')).size).toBeGreaterThan(0);
      expect(server.out()).not.toContain('starting LiveKit server');
    });

    it('keeps nobody who is not in the call, though they have a token', async () => {
      const stranger = await HeadlessMember.join(joinUrl(), await tokenFor(identityOf(ada.id, grace.deviceId)));
      await stranger.ended;
    });

    it('comes back on the same ports when it is killed in mid-call, and people with it', async () => {
      const before = only();
      const inCall = await HeadlessMember.join(joinUrl(), await tokenFor(seat(ada)));
      process.kill(before.pid, 'SIGKILL');
      await expect.poll(() => running()[0]?.pid ?? before.pid, { timeout: 20_000 }).not.toBe(before.pid);
      await becomes('ready');
      expect(only().config.port).toBe(before.config.port);
      expect(only().config.rtc).toEqual(before.config.rtc);
      await inCall.leave();
      const back = await HeadlessMember.join(joinUrl(), await tokenFor(seat(ada)));
      expect((await media().members(room))?.map(({ identity }) => identity)).toEqual([seat(ada)]);
      expect((await stage.get(ada, callId)).status).toBe('connecting');
      await back.leave();
    });

    it('gives people UDP ports of their own where it is told to', async () => {
      server.process.kill('SIGTERM');
      await server.ended;
      start({ PARLEY_MEDIA_UDP_PORTS: '52000-52999' });
      url = await server.ready;
      await becomes('ready');
      const [one, other] = [
        await HeadlessMember.join(joinUrl(), await tokenFor(seat(ada))),
        await HeadlessMember.join(joinUrl(), await tokenFor(seat(grace))),
      ];
      await one.publishTone();
      await other.until('she hears Ada', (me) => me.from(seat(ada)).heard > 5);
      const ports = udpPortsOf(only().pid);
      expect(ports.length).toBeGreaterThan(1);
      expect(ports.filter((port) => port < 52_000 || port > 52_999)).toEqual([]);
      await Promise.all([one.leave(), other.leave()]);
      server.process.kill('SIGTERM');
      await server.ended;
    });

    it('ends with the server, though somebody is in a call', async () => {
      await HeadlessMember.join(joinUrl(), await tokenFor(seat(ada))).then((one) => one.publishTone());
      server.process.kill('SIGTERM');
      expect(await server.ended).toMatchObject({ code: 0 });
      expect(running()).toEqual([]);
    });

    it('ends with the server that was killed, in mid-call too', async () => {
      await HeadlessMember.join(joinUrl(), await tokenFor(seat(ada))).then((one) => one.publishTone());
      server.process.kill('SIGKILL');
      await server.ended;
      await expect.poll(() => running(), { timeout: 10_000 }).toEqual([]);
    });
  },
  notLinux ?? postgresLack,
);
