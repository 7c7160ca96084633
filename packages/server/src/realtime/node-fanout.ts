import type { FanoutPath, Parcel } from '../ports/fanout-path.ts';
import type { Logger } from '../ports/logger.ts';
import type { Timers } from '../ports/timers.ts';
import { Arrivals, dropOldest, NODES, opened, sealed } from './envelope.ts';
import type { Fanout, FanoutMessage, LocalFanout } from './fanout.ts';

/** Parcels of one round trip. */
const BATCH = 100;
/** Pause after the last way has failed, in milliseconds. */
const AGAIN_MS = 200;
/**
 * So long what was sent is kept: longer than it takes to notice that a Redis hangs, that another node cannot hear it, or that somebody who
 * listened was away for a moment. Then it is sent once more, by whichever way carries now, and whoever has it knows it by its number.
 */
const KEPT_MS = 6_000;
const KEPT_CHARS = 16_000_000;
/** What could not be sent for so long is of no use any more; changes of calls are found in the ledger. */
const STALE_MS = 15_000;
const MOST_WAITING = 5_000;
/** Where one node has missed something, others mostly have too: so long it is waited for them, in milliseconds. */
const TOGETHER_MS = 250;
/** A node that said it cannot hear Redis says so again with each beat. */
const AWAY_MS = 6_000;

const CHANNEL = 'parley_1';
const channelOf = (node: string): string => `${CHANNEL}_${node}`;

export interface NodeFanoutDeps {
  /** Name of this process, new with each start: lower case letters and digits. */
  readonly node: string;
  readonly local: LocalFanout;
  readonly redis: FanoutPath;
  readonly postgres: FanoutPath;
  readonly timers: Timers;
  readonly now: () => number;
  readonly log: Logger;
}

/** The fan-out of one of several nodes. */
export interface NodeFanout extends Fanout {
  readonly node: string;
  /** To one other node. */
  tell(node: string, message: FanoutMessage): void;
  /** Whether Redis carries. */
  readonly redis: boolean;
  /** Whether anything can be heard of the others at all. */
  readonly hears: boolean;
  /** How often it has begun to hear again after it heard nothing at all: what was said meanwhile it has missed. */
  readonly resumed: number;
  /** Called when either of them has changed. */
  onChange(listener: () => void): () => void;
  start(): void;
  /** Sends what waits, for a moment at most, and closes both ways. */
  stop(): Promise<void>;
}

interface Waiting extends Parcel {
  readonly at: number;
}

/**
 * By Redis while it is there; by Postgres while it is not, and in addition while another node says that it cannot hear it. Everybody
 * listens to both all the time, so that nobody has to agree on anything first.
 */
export function createNodeFanout(deps: NodeFanoutDeps): NodeFanout {
  const { node, local, timers, now, log } = deps;
  const arrivals = new Arrivals();
  const listeners = new Set<() => void>();
  const up = { redis: false, postgres: false };
  let resumed = 0;
  /** Nothing could be heard for a while. Before the first time there was nothing to be missed. */
  let gap = false;
  /** What the others say of themselves: the newest of each. */
  const beats = new Map<string, { readonly seq: number; readonly resumed: number }>();
  /** Others have missed something; those who say so in the same moment are told together. */
  let repeating: unknown = null;
  /** Until when nodes count as unable to hear Redis. */
  const away = new Map<string, number>();
  let seq = 0;
  let waiting: Waiting[] = [];
  /** What was sent lately, the oldest first. */
  let kept: Waiting[] = [];
  let keptChars = 0;
  /** What is being sent. */
  let underWay: readonly Waiting[] = [];
  const gathered = new Map<string, FanoutMessage[]>();
  let sending: Promise<void> | null = null;
  let stopped = false;

  const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

  function someAway(): boolean {
    for (const [name, until] of away) if (until <= now()) away.delete(name);
    return away.size > 0;
  }

  function keep(parcels: readonly Waiting[]): void {
    kept.push(...parcels);
    for (const { text } of parcels) keptChars += text.length;
    const from = now() - KEPT_MS;
    let old = 0;
    for (const { at, text } of kept) {
      if (at >= from && keptChars <= KEPT_CHARS) break;
      keptChars -= text.length;
      old += 1;
    }
    if (old > 0) kept = kept.slice(old);
  }

  /** The way that carries now is to bring what the one before may have lost. */
  function again(): void {
    const from = now() - KEPT_MS;
    waiting = [...kept.filter(({ at }) => at >= from), ...underWay, ...waiting];
    underWay = [];
    kept = [];
    keptChars = 0;
    send();
  }

  function change(path: 'redis' | 'postgres', is: boolean): void {
    if (up[path] === is || stopped) return;
    up[path] = is;
    if (!is && !up.redis && !up.postgres) gap = true;
    if (is && gap) {
      gap = false;
      resumed += 1;
    }
    if (path === 'redis' && !is) again();
    for (const listener of listeners) listener();
  }

  /** True where they are on their way. */
  async function byRedis(parcels: readonly Waiting[]): Promise<boolean> {
    try {
      await deps.redis.send(parcels);
      return true;
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, 'Redis took no message: Postgres carries them');
      return false;
    }
  }

  async function sendBatch(parcels: readonly Waiting[]): Promise<void> {
    underWay = parcels;
    if (!up.redis) await deps.postgres.send(parcels);
    else if (!(await byRedis(parcels))) change('redis', false);
    else if (someAway()) await deps.postgres.send(parcels);
    // They have become one of those that wait, in their place after what was kept.
    if (underWay.length === 0) return;
    underWay = [];
    keep(parcels);
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const from = now() - STALE_MS;
      const batch = waiting.slice(0, BATCH).filter(({ at }) => at >= from);
      waiting = waiting.slice(BATCH);
      if (batch.length === 0) continue;
      try {
        await sendBatch(batch);
      } catch (error) {
        if (underWay.length > 0) waiting = [...batch, ...waiting];
        underWay = [];
        if (stopped) return;
        log.warn({ reason: reasonOf(error), waiting: waiting.length }, 'Other nodes are out of reach');
        await new Promise<void>((resolve) => void timers.setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  function send(): void {
    sending ??= drain().finally(() => {
      sending = null;
      if (waiting.length > 0 && !stopped) send();
    });
  }

  /** Everything of one turn goes in one envelope, so that a call's change and its rings arrive together or not at all. */
  function flush(): void {
    for (const [channel, messages] of gathered) {
      seq += 1;
      waiting.push({ channel, text: sealed({ node, seq, messages }), at: now() });
    }
    gathered.clear();
    if (waiting.length > MOST_WAITING) waiting = waiting.slice(-MOST_WAITING);
    send();
  }

  function gather(channel: string, message: FanoutMessage): void {
    if (stopped) return;
    const together = gathered.get(channel);
    if (together) together.push(message);
    else gathered.set(channel, [message]);
    if (gathered.size === 1 && !together) queueMicrotask(flush);
  }

  function receive(text: string): void {
    const envelope = opened(text);
    if (!envelope || envelope.node === node || !arrivals.first(envelope)) return;
    for (const message of envelope.messages) {
      // Said once more after newer ones: it was true then.
      if (message.t === 'beat' && !heard(envelope.node, envelope.seq, message)) continue;
      if (message.t === 'bye') forget(envelope.node);
      try {
        local.deliver(message, envelope.node);
      } catch (error) {
        log.error({ kind: message.t, reason: reasonOf(error) }, 'A message of another node was not taken');
      }
    }
  }

  /** False for what is older than another beat of the same node. */
  function heard(from: string, seq: number, beat: Extract<FanoutMessage, { t: 'beat' }>): boolean {
    const before = beats.get(from);
    if (before && seq < before.seq) return false;
    const newest = { seq, resumed: beat.resumed ?? 0 };
    beats.delete(from);
    beats.set(from, newest);
    dropOldest(beats, NODES);
    const missed = before !== undefined && newest.resumed > before.resumed;
    if (lostRedis(from, beat.redis) || missed) repeatSoon();
    return true;
  }

  /** True where this is new of it. */
  function lostRedis(from: string, hears: boolean): boolean {
    const wasAway = (away.get(from) ?? 0) > now();
    if (hears) away.delete(from);
    else away.set(from, now() + AWAY_MS);
    return !hears && !wasAway;
  }

  function repeatSoon(): void {
    repeating ??= timers.setTimeout(() => {
      repeating = null;
      again();
    }, TOGETHER_MS);
  }

  function forget(other: string): void {
    away.delete(other);
    beats.delete(other);
  }

  return {
    node,
    get redis() {
      return up.redis;
    },
    get hears() {
      return up.redis || up.postgres;
    },
    get resumed() {
      return resumed;
    },
    publish: (message) => {
      gather(CHANNEL, message);
      local.publish(message);
    },
    tell: (other, message) => gather(channelOf(other), message),
    subscribe: local.subscribe,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => {
      const channels = [CHANNEL, channelOf(node)];
      deps.redis.open(channels, { text: receive, state: (is) => change('redis', is) });
      deps.postgres.open(channels, { text: receive, state: (is) => change('postgres', is) });
    },
    stop: async () => {
      flush();
      await Promise.race([sending, new Promise<void>((resolve) => void timers.setTimeout(resolve, AGAIN_MS))]);
      stopped = true;
      timers.clearTimeout(repeating);
      await Promise.all([deps.redis.close(), deps.postgres.close()]);
    },
  };
}
