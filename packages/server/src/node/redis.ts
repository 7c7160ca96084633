import { createClient } from '@redis/client';
import type { Logger } from '../ports/logger.ts';

/** How long an answer may take before it counts as none, in milliseconds: a person waits for it. */
const ANSWER_MS = 500;

/** What the limiters need of a Redis. */
export interface Redis {
  readonly isReady: boolean;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
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
