import { createClient } from '@redis/client';
import type { FanoutPathListener, Parcel } from '../ports/fanout-path.ts';
import type { Logger } from '../ports/logger.ts';

/** How long an answer may take before it counts as none, in milliseconds: a person waits for it. */
const ANSWER_MS = 500;
/**
 * A connection on which nothing was answered for so long is given up for a new one, in milliseconds. The client itself would not see
 * that it is dead while it is written to: for `socketTimeout` each write is a sign of life.
 */
const DEAD_MS = 4_000;

class LateError extends Error {
  constructor() {
    super('Redis did not answer in time');
  }
}

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
  let told = false;
  const connect = () => {
    const client = createClient({
      url,
      disableOfflineQueue: true,
      pingInterval: 5_000,
      socket: {
        connectTimeout: 2_000,
        // With a ping every five seconds a socket on which nothing moves for so long is dead.
        socketTimeout: 12_000,
        reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, 3_000),
      },
    });
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
    return client;
  };
  let client = connect();
  /** Since when nothing was answered; null while answers come. */
  let silentSince: number | null = null;

  async function ask<T>(put: (by: typeof client) => Promise<T>): Promise<T> {
    const by = client;
    try {
      const answer = await inTime(put(by));
      silentSince = null;
      return answer;
    } catch (error) {
      if (by === client) noted(error);
      throw error;
    }
  }

  function noted(error: unknown): void {
    // Anything else is an answer too, or the client knows that it has to connect.
    if (!(error instanceof LateError)) silentSince = null;
    else if (silentSince === null) silentSince = performance.now();
    else if (performance.now() - silentSince > DEAD_MS) {
      silentSince = null;
      const dead = client;
      client = connect();
      end(dead);
    }
  }

  return {
    get isReady() {
      return client.isReady;
    },
    eval: (script, options) => ask((by) => by.eval(script, options)),
    publish: async (parcels) => {
      await ask((by) => Promise.all(parcels.map(({ channel, text }) => by.publish(channel, text))));
    },
    listen: (channels, on) => {
      const listener = client.duplicate();
      let closed = false;
      const state = (up: boolean) => {
        if (!closed) on.state(up);
      };
      const text = (said: string) => {
        if (!closed) on.text(said);
      };
      const down = () => state(false);
      for (const event of ['error', 'reconnecting', 'end'] as const) listener.on(event, down);
      listener.on('ready', () => {
        // After the first time the client subscribes again by itself; the same once more changes nothing.
        listener.subscribe([...channels], text).then(() => state(true), down);
      });
      listener.connect().catch(() => undefined);
      return {
        close: () => {
          closed = true;
          end(listener);
        },
      };
    },
    close: async () => end(client),
  };
}

/** For good, also where it is just connecting: destroyed then, it would end that first and stay (@redis/client 6.3). */
function end(client: { on(event: 'connect', listener: () => void): unknown; destroy(): void }): void {
  client.on('connect', () => client.destroy());
  client.destroy();
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError()), ANSWER_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

function reasonOf(error: unknown): string {
  const known = error instanceof AggregateError ? error.errors[0] : error;
  return known instanceof Error ? known.message : String(known);
}
