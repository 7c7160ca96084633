import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';

const KEY = 'testkey';
const SECRET = 'a-secret-of-32-characters-or-more';
const cache = process.env.PARLEY_CACHE_DIR ?? join(homedir(), '.cache', 'parley');

/** Of the cache that `npm start` fills; null where there is none. */
export function liveKitBinary(): string | null {
  if (!existsSync(cache)) return null;
  const name = readdirSync(cache).find((file) => file.startsWith('livekit-server-'));
  return name ? join(cache, name) : null;
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function signed(claims: Record<string, unknown>): string {
  const now = Math.floor(Date.now() / 1000);
  const body = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ iss: KEY, nbf: now - 10, exp: now + 600, ...claims })}`;
  return `${body}.${createHmac('sha256', SECRET).update(body).digest('base64url')}`;
}

const grantsOf = (rights: 'all' | 'none') => ({
  canSubscribe: rights === 'all',
  canPublish: rights === 'all',
  canPublishData: false,
});

/** A real livekit-server on the loopback interface, and what its owner can do. */
export class LiveKitServer {
  readonly #binary: string;
  #child: ChildProcess | null = null;
  #ports = { http: 0, tcp: 0, udp: 0 };

  constructor(binary: string) {
    this.#binary = binary;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#ports.http}`;
  }

  async start(): Promise<void> {
    if (this.#ports.http === 0) this.#ports = { http: await freePort(), tcp: await freePort(), udp: await freePort() };
    const { http, tcp, udp } = this.#ports;
    this.#child = spawn(this.#binary, [], {
      stdio: 'ignore',
      env: {
        ...process.env,
        LIVEKIT_CONFIG: JSON.stringify({
          port: http,
          bind_addresses: ['127.0.0.1'],
          rtc: {
            tcp_port: tcp,
            udp_port: udp,
            node_ip: '127.0.0.1',
            use_external_ip: false,
            enable_loopback_candidate: true,
            interfaces: { includes: ['lo'] },
          },
          keys: { [KEY]: SECRET },
        }),
      },
    });
    for (;;) {
      const there = await fetch(this.url.replace('ws', 'http')).catch(() => null);
      if (there?.ok) return;
      if (this.#child.exitCode !== null) throw new Error('livekit-server does not start');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  token(room: string, identity: string, rights: 'all' | 'none'): string {
    return signed({ sub: identity, video: { room, roomJoin: true, ...grantsOf(rights) } });
  }

  grant(room: string, identity: string): Promise<void> {
    return this.#ask('UpdateParticipant', room, { identity, permission: grantsOf('all') });
  }

  remove(room: string, identity: string): Promise<void> {
    return this.#ask('RemoveParticipant', room, { identity });
  }

  async silence(room: string, identity: string): Promise<void> {
    const person = await this.#ask<{ tracks: { sid: string; source: string }[] }>('GetParticipant', room, { identity });
    const sound = person.tracks.find(({ source }) => source === 'MICROPHONE');
    await this.#ask('MutePublishedTrack', room, { identity, track_sid: sound?.sid, muted: true });
  }

  async #ask<T = void>(method: string, room: string, body: Record<string, unknown>): Promise<T> {
    const answer = await fetch(`${this.url.replace('ws', 'http')}/twirp/livekit.RoomService/${method}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${signed({ video: { room, roomAdmin: true } })}`,
      },
      body: JSON.stringify({ room, ...body }),
    });
    if (!answer.ok) throw new Error(`${method}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}
