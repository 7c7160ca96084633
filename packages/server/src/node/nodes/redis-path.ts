import { randomUUID } from 'node:crypto';
import type { FanoutPath, FanoutPathListener, Parcel } from '../../ports/fanout-path.ts';
import type { Redis } from '../redis.ts';

/** How often the way is tried from end to end, and how old the newest echo may be, in milliseconds. */
const PROBE_MS = 1_000;
const SILENT_MS = 2_500;
/** Redis takes what it is given, and for so long nothing of it came back, in milliseconds: this process listens on a dead connection. */
const DEAF_MS = 4_000;
/** No envelope begins like this. */
const PROBE = '?';

/**
 * Pub/sub of Redis. A connection that stands says little: a Redis that hangs keeps it. So a text goes round once a second, to this
 * process alone, and the way is up while it comes back. Whatever was not taken in time makes it down until a later text has come
 * back. `prefix` keeps installations on one Redis apart.
 */
export function createRedisPath(redis: Redis, prefix: string): FanoutPath {
  let subscription: { close(): void } | null = null;
  let timer: NodeJS.Timeout | undefined;
  let on: FanoutPathListener | null = null;
  let up = false;
  let sent = 0;
  /** The oldest probe that would show that the way is well again. */
  let from = 1;
  let echoAt = Number.NEGATIVE_INFINITY;
  let deafSince: number | null = null;

  function become(is: boolean): void {
    if (!is) from = sent + 1;
    if (up === is) return;
    up = is;
    on?.state(is);
  }

  async function publish(parcels: readonly Parcel[]): Promise<void> {
    try {
      await redis.publish(parcels);
    } catch (error) {
      // Whoever sent it takes the other way from now on, so it has to be told when this one is well again.
      become(false);
      throw error;
    }
  }

  function open(channels: readonly string[], listener: FanoutPathListener): void {
    on = listener;
    const own = prefix + randomUUID();
    const listen = () => {
      deafSince = null;
      subscription = redis.listen([...channels.map((channel) => prefix + channel), own], {
        text: (text) => {
          if (!text.startsWith(PROBE)) return listener.text(text);
          echoAt = performance.now();
          deafSince = null;
          if (Number(text.slice(PROBE.length)) >= from) become(true);
        },
        state: (is) => {
          if (is) probe();
          else become(false);
        },
      });
    };
    const taken = () => {
      if (up) return;
      deafSince ??= performance.now();
      if (performance.now() - deafSince < DEAF_MS) return;
      subscription?.close();
      listen();
    };
    // Also while nothing is subscribed: whether Redis takes it says which of the two connections is at fault.
    const probe = () => {
      if (up && performance.now() - echoAt > SILENT_MS) become(false);
      sent += 1;
      publish([{ channel: own, text: `${PROBE}${sent}` }]).then(taken, () => {
        deafSince = null;
      });
    };
    listen();
    timer = setInterval(probe, PROBE_MS);
  }

  return {
    open,
    send: (parcels) => publish(parcels.map(({ channel, text }) => ({ channel: prefix + channel, text }))),
    close: async () => {
      clearInterval(timer);
      on = null;
      subscription?.close();
    },
  };
}
