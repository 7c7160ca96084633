import { createConnection } from 'node:net';
import {
  KEYS,
  type LiveKitNode,
  liveKitBinary,
  startLiveKit,
} from '../../packages/server/test/support/livekit-node.ts';
import { RoundRobin } from './round-robin.ts';
import { test as base } from './test.ts';

const redis = new URL(process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379');

/** Two nodes of one LiveKit cluster, behind a balancer that sends people to the one and the other. */
export interface Nodes {
  readonly all: readonly LiveKitNode[];
  /** How many people have their signalling at a node. */
  at(node: LiveKitNode): number;
}

/** On a cluster of LiveKit nodes that somebody else runs: two, on one Redis. */
export const test = base.extend<{ nodes: Nodes & { readonly url: string; readonly publicUrl: string } }>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of what a fixture wants
  nodes: async ({}, use, testInfo) => {
    const lack = await missing();
    if (lack !== null && process.env.CI === 'true') throw new Error(lack);
    testInfo.skip(lack !== null, lack ?? '');
    // LiveKit's keys have no prefix: a database of their own keeps them from everybody else's.
    const address = { address: `${redis.hostname}:${redis.port || 6379}`, db: 12 };
    const all = await Promise.all([startLiveKit({ redis: address }), startLiveKit({ redis: address })]);
    const portOf = ({ url }: LiveKitNode) => Number(new URL(url).port);
    // What the server asks of them goes its own way: at the other one only people are counted.
    const [balancer, own] = await Promise.all([RoundRobin.start(all.map(portOf)), RoundRobin.start(all.map(portOf))]);
    await use({
      all,
      at: (node) => balancer.at(portOf(node)),
      url: `http://127.0.0.1:${own.port}`,
      publicUrl: `ws://127.0.0.1:${balancer.port}`,
    });
    await Promise.all([balancer.stop(), own.stop()]);
    await Promise.all(all.map((node) => node.kill()));
  },
  serverEnv: async ({ nodes }, use) =>
    use({
      PARLEY_LIVEKIT: 'auto',
      // By a balancer, as an installation has it: whichever node is alive answers.
      LIVEKIT_URL: nodes.url,
      LIVEKIT_PUBLIC_URL: nodes.publicUrl,
      LIVEKIT_API_KEY: KEYS.key,
      LIVEKIT_API_SECRET: KEYS.secret,
    }),
});

async function missing(): Promise<string | null> {
  if (liveKitBinary === null) return 'The test wants a LiveKit, on the PATH or in the cache: npm test provides it.';
  return new Promise((resolve) => {
    const socket = createConnection({ host: redis.hostname, port: Number(redis.port || 6379), timeout: 2_000 });
    const lacks = () => resolve(`The test wants a Redis at ${redis.host}: set TEST_REDIS_URL.`);
    socket.on('connect', () => {
      socket.destroy();
      resolve(null);
    });
    socket.on('timeout', lacks).on('error', lacks);
  });
}
