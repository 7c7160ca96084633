import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FanoutPath, FanoutPathListener } from '../../src/ports/fanout-path.ts';
import { systemTimers } from '../../src/ports/timers.ts';
import { createLocalFanout, type FanoutMessage } from '../../src/realtime/fanout.ts';
import { createNodeFanout, type NodeFanout } from '../../src/realtime/node-fanout.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };

/** A way between nodes that takes everything and brings it to those alone who listen at that moment, as NOTIFY and pub/sub do. */
class Way {
  watch: (text: string) => void = () => undefined;
  readonly #listeners = new Map<string, { readonly on: FanoutPathListener; up: boolean }>();

  of(node: string): FanoutPath {
    return {
      open: (_channels, on) => void this.#listeners.set(node, { on, up: false }),
      send: async (parcels) => {
        for (const { text } of parcels) this.watch(text);
        for (const [name, { on, up }] of this.#listeners)
          for (const { channel, text } of parcels)
            if (up && (!channel.includes('_1_') || channel.endsWith(`_${name}`))) on.text(text);
      },
      close: async () => {},
    };
  }

  set(up: boolean, ...nodes: readonly string[]): void {
    for (const node of nodes) {
      const listener = this.#listeners.get(node);
      if (!listener) continue;
      listener.up = up;
      listener.on.state(up);
    }
  }
}

let redis: Way;
let postgres: Way;
let nodes: NodeFanout[];
const heard: string[] = [];
const beats: NodeJS.Timeout[] = [];
/** With what is said once more after a moment. */
const settled = () => vi.advanceTimersByTimeAsync(300);
const say = (emoji: string): FanoutMessage => ({ t: 'reaction', callId: 'c', userId: 'u', emoji });

function open(node: string): NodeFanout {
  const fanout = createNodeFanout({
    node,
    local: createLocalFanout(),
    redis: redis.of(node),
    postgres: postgres.of(node),
    timers: systemTimers,
    now: Date.now,
    log,
  });
  // As the roster does.
  const beat = () => fanout.publish({ t: 'beat', redis: fanout.redis, roster: 0, resumed: fanout.resumed });
  fanout.onChange(beat);
  beats.push(setInterval(beat, 2_000));
  fanout.start();
  return fanout;
}

beforeEach(() => {
  vi.useFakeTimers();
  [redis, postgres] = [new Way(), new Way()];
  nodes = [open('a'), open('b')];
  heard.length = 0;
  nodes[1]?.subscribe((message) => {
    if (message.t === 'reaction') heard.push(message.emoji);
  });
});
afterEach(async () => {
  for (const beat of beats.splice(0)) clearInterval(beat);
  const stopped = Promise.all(nodes.map((node) => node.stop()));
  await vi.advanceTimersByTimeAsync(1_000);
  await stopped;
  vi.useRealTimers();
});

it('what goes by Postgres while nobody listens there comes once Redis carries again', async () => {
  postgres.set(true, 'a', 'b');
  redis.set(true, 'a', 'b');
  await settled();
  // A machine that stood still finds all its ways broken.
  redis.set(false, 'a', 'b');
  postgres.set(false, 'a', 'b');
  await settled();
  nodes[0]?.tell('b', say('1'));
  nodes[0]?.publish(say('2'));
  await settled();
  expect(heard).toEqual([]);
  redis.set(true, 'b', 'a');
  // With the next beat of whoever heard nothing.
  await vi.advanceTimersByTimeAsync(2_500);
  expect(heard).toEqual(['1', '2']);
  postgres.set(true, 'a', 'b');
  await settled();
  expect(heard).toEqual(['1', '2']);
});

it('whoever says that they listen again is told what they have not heard', async () => {
  postgres.set(true, 'a', 'b');
  await settled();
  nodes[0]?.publish(say('1'));
  await settled();
  postgres.set(false, 'b');
  nodes[0]?.publish(say('2'));
  await settled();
  expect(heard).toEqual(['1']);
  postgres.set(true, 'b');
  await settled();
  expect(heard).toEqual(['1', '2']);
});

it('what is older than anybody takes to notice is not said again', async () => {
  postgres.set(true, 'a', 'b');
  await settled();
  postgres.set(false, 'b');
  nodes[0]?.publish(say('1'));
  await vi.advanceTimersByTimeAsync(7_000);
  postgres.set(true, 'b');
  await settled();
  expect(heard).toEqual([]);
});

it('whoever heard all the time by the other way is told nothing twice', async () => {
  const texts: string[] = [];
  postgres.watch = (text) => texts.push(text);
  postgres.set(true, 'a', 'b');
  await settled();
  nodes[0]?.publish(say('1'));
  await settled();
  redis.set(true, 'a', 'b');
  await vi.advanceTimersByTimeAsync(2_500);
  expect(texts.filter((text) => text.includes('"emoji":"1"'))).toHaveLength(1);
  expect(heard).toEqual(['1']);
});
