import { randomUUID } from 'node:crypto';
import type { FanoutPath, FanoutPathListener } from '../../ports/fanout-path.ts';
import type { Redis } from '../redis.ts';

/** How often the way is tried from end to end, and how old the newest echo may be, in milliseconds. */
const PROBE_MS = 1_000;
const SILENT_MS = 2_500;
/** No envelope begins like this. */
const PROBE = '?';

/**
 * Pub/sub of Redis. A connection that stands says little: a Redis that hangs keeps it. So a text goes round once a second, to this
 * process alone, and the way is up while it comes back. `prefix` keeps installations on one Redis apart.
 */
export function createRedisPath(redis: Redis, prefix: string): FanoutPath {
  let subscription: { close(): void } | null = null;
  let timer: NodeJS.Timeout | undefined;

  function open(channels: readonly string[], on: FanoutPathListener): void {
    const own = prefix + randomUUID();
    let sent = 0;
    /** The oldest probe that would show that the way is well again. */
    let from = 1;
    let subscribed = false;
    let echoAt = Number.NEGATIVE_INFINITY;
    let up = false;

    const become = (is: boolean) => {
      if (!is) from = sent + 1;
      if (up === is) return;
      up = is;
      on.state(is);
    };
    const probe = () => {
      if (up && performance.now() - echoAt > SILENT_MS) become(false);
      if (!subscribed) return;
      sent += 1;
      redis.publish([{ channel: own, text: `${PROBE}${sent}` }]).catch(() => become(false));
    };
    subscription = redis.listen([...channels.map((channel) => prefix + channel), own], {
      text: (text) => {
        if (!text.startsWith(PROBE)) return on.text(text);
        echoAt = performance.now();
        if (Number(text.slice(PROBE.length)) >= from) become(true);
      },
      state: (is) => {
        subscribed = is;
        if (is) probe();
        else become(false);
      },
    });
    timer = setInterval(probe, PROBE_MS);
  }

  return {
    open,
    send: (parcels) => redis.publish(parcels.map(({ channel, text }) => ({ channel: prefix + channel, text }))),
    close: async () => {
      clearInterval(timer);
      subscription?.close();
    },
  };
}
