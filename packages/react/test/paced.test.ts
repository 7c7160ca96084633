import { describe, expect, it } from 'vitest';
import { type PacedSource, paced } from '../src/paced.ts';

const HOLD_MS = 250;

/** A client whose changes are made by hand, and a clock and tasks that are turned by hand. */
function world() {
  const listeners = new Set<() => void>();
  const tasks: (() => void)[] = [];
  const timers = new Map<number, { run: () => void; ms: number }>();
  let told = 0;
  const source: { holdMs: number } & PacedSource = {
    holdMs: 0,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const subscribe = paced(source, (run) => void tasks.push(run), {
    set: (run, ms) => {
      timers.set(timers.size + 1, { run, ms });
      return timers.size;
    },
    clear: (timer) => void timers.delete(timer as number),
  });
  return {
    source,
    listeners,
    timers,
    told: () => told,
    listen: () =>
      subscribe(() => {
        told += 1;
      }),
    change: () => {
      for (const listener of [...listeners]) listener();
    },
    turn: () => {
      for (const task of tasks.splice(0)) task();
    },
    time: () => {
      for (const [id, { run }] of [...timers]) {
        timers.delete(id);
        run();
      }
    },
  };
}

describe('changes of a client, as screens are told of them', () => {
  it('are told together, in a task of their own', () => {
    const { listen, change, turn, told } = world();
    listen();
    change();
    change();
    expect(told()).toBe(0);
    turn();
    expect(told()).toBe(1);
    turn();
    expect(told()).toBe(1);
  });

  it('wait for the devices of a call that begins, and come with them', () => {
    const { source, listen, change, turn, told, timers } = world();
    listen();
    source.holdMs = HOLD_MS;
    change();
    turn();
    change();
    turn();
    expect(told()).toBe(0);
    expect([...timers.values()].map(({ ms }) => ms)).toEqual([HOLD_MS]);
    source.holdMs = 0;
    change();
    turn();
    expect(told()).toBe(1);
    expect(timers.size).toBe(0);
  });

  it('wait no longer than that for a device that is slow, or for somebody who is asked', () => {
    const { source, listen, change, turn, time, told } = world();
    listen();
    source.holdMs = HOLD_MS;
    change();
    turn();
    time();
    expect(told()).toBe(1);
    change();
    turn();
    expect(told()).toBe(2);
    source.holdMs = 0;
    change();
    turn();
    source.holdMs = HOLD_MS;
    change();
    turn();
    expect(told()).toBe(3);
  });

  it('are listened to for as long as somebody wants them', () => {
    const { listeners, listen, change, turn, told } = world();
    const off = [listen(), listen()];
    expect(listeners.size).toBe(1);
    off[0]?.();
    change();
    turn();
    expect(told()).toBe(1);
    off[1]?.();
    expect(listeners.size).toBe(0);
  });
});
