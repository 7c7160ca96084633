import { createClient } from '@redis/client';
import type { FanoutPathListener, Parcel } from '../ports/fanout-path.ts';
import type { Logger } from '../ports/logger.ts';

/** How long an answer may take before it counts as none, in milliseconds: a person waits for it. */
const ANSWER_MS = 500;

/** What is asked of a Redis. */
export interface Redis {
  readonly isReady: boolean;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** In their order. Rejects where one of them was not taken in time. */
  publish(parcels: readonly Parcel[]): Promise<void>;
  /** Takes a connection of its own. `state` is called when the subscription holds, and when it holds no more. */
  listen(channels: readonly string[], on: FanoutPathListener): { close(): void };
  close(): Promise<void>;
}

/**
 * Connects in the background and again whenever the connection breaks; until then each command fails at once, so that whoever
 * asks can do without.
 */
export function openRedis(url: string, log: Logger): Redis {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: 5_000,
    socket: {
      connectTimeout: 2_000,
      // With a ping every five seconds a socket that is silent for so long is dead.
      socketTimeout: 12_000,
      reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, 3_000),
    },
  });
  let told = false;
  client.on('error', (error: unknown) => {
    if (told) return;
    told = true;
    log.warn({ reason: reasonOf(error) }, 'Redis is away: rates are counted in this process meanwhile');
  });
  client.on('ready', () => {
    if (told) log.info({}, 'Redis is back');
    told = false;
  });
  client.connect().catch(() => undefined);

  return {
    get isReady() {
      return client.isReady;
    },
    eval: (script, options) => inTime(client.eval(script, options)),
    publish: async (parcels) => {
      await inTime(Promise.all(parcels.map(({ channel, text }) => client.publish(channel, text))));
    },
    listen: (channels, on) => {
      const listener = client.duplicate();
      const down = () => on.state(false);
      for (const event of ['error', 'reconnecting', 'end'] as const) listener.on(event, down);
      listener.on('ready', () => {
        // After the first time the client subscribes again by itself; the same once more changes nothing.
        listener.subscribe([...channels], on.text).then(() => on.state(true), down);
      });
      listener.connect().catch(() => undefined);
      return { close: () => listener.destroy() };
    },
    close: async () => client.destroy(),
  };
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Redis did not answer in time')), ANSWER_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

function reasonOf(error: unknown): string {
  const known = error instanceof AggregateError ? error.errors[0] : error;
  return known instanceof Error ? known.message : String(known);
}
