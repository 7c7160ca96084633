import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { cacheFolder, VERSION } from '../../src/node/sfu/binary.ts';
import type { Keys } from '../../src/node/sfu/keys.ts';
import { createLiveKit } from '../../src/node/sfu/livekit.ts';

export const KEYS: Keys = { key: 'parleytest', secret: 'a-secret-of-32-characters-or-more' };

/** A `livekit-server` that is here already: `npm test` provides it, and nothing is built in the middle of a test. */
export const liveKitBinary: string | null = findBinary();

function findBinary(): string | null {
  const cached = `livekit-server-${VERSION}-${process.platform}-${process.arch}`;
  const places = [
    ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'livekit-server')),
    join(cacheFolder(process.env.PARLEY_CACHE_DIR ?? null), cached),
  ];
  return places.find((path) => isExecutable(path)) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface LiveKitNode {
  /** http:// of its API. */
  readonly url: string;
  /** ws:// for those who join. */
  readonly joinUrl: string;
  readonly media: ReturnType<typeof createLiveKit>;
  kill(): Promise<void>;
  /** Again on the same ports, as a supervisor would start it. */
  start(): Promise<void>;
}

/** A LiveKit of a test's own, on loopback and free ports; with the server's settings of rooms. */
export async function startLiveKit(
  more: { readonly redis?: { readonly address: string; readonly db: number }; readonly webhook?: string } = {},
): Promise<LiveKitNode> {
  const [http, tcp, udp] = [await freePort(), await freePort(), await freePort()];
  const config = {
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
    room: { auto_create: false },
    keys: { [KEYS.key]: KEYS.secret },
    ...(more.redis === undefined ? {} : { redis: more.redis }),
    ...(more.webhook === undefined ? {} : { webhook: { api_key: KEYS.key, urls: [more.webhook] } }),
    logging: { level: 'warn', json: true },
  };
  let child: ChildProcess | undefined;
  const url = `http://127.0.0.1:${http}`;
  const node: LiveKitNode = {
    url,
    joinUrl: `ws://127.0.0.1:${http}`,
    media: createLiveKit({
      keys: KEYS,
      serverUrl: () => url,
      publicUrl: () => url.replace(/^http/, 'ws'),
      state: () => 'ready',
    }),
    async start() {
      const { PATH, HOME, PARLEY_TEST_RUN } = process.env;
      child = spawn(liveKitBinary ?? '', [], {
        stdio: 'ignore',
        env: { PATH, HOME, PARLEY_TEST_RUN, LIVEKIT_CONFIG: JSON.stringify(config) },
      });
      await answering(url);
    },
    async kill() {
      const last = child;
      if (last === undefined || last.exitCode !== null || last.signalCode !== null) return;
      const gone = new Promise((resolve) => last.once('exit', resolve));
      last.kill('SIGKILL');
      await gone;
    },
  };
  await node.start();
  return node;
}

async function answering(url: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (
    !(await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (Date.now() > deadline) throw new Error(`No LiveKit answers at ${url}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
