import { describe, expect, it } from 'vitest';
import { createLocalFanout, type FanoutMessage, type RosterEntry } from '../../src/realtime/fanout.ts';
import type { NodeFanout } from '../../src/realtime/node-fanout.ts';
import { Presence } from '../../src/realtime/presence.ts';
import { Roster } from '../../src/realtime/roster.ts';
import { ManualTimers } from '../support/manual-timers.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };
const seat = (n: number) => ({ userId: `u${n}`, instanceId: `i${n}` });
const entry = (n: number, since = 0): RosterEntry => ({ ...seat(n), teamIds: ['t'], state: 'online', since });

/** Nodes whose messages a test may hold back. */
function cluster() {
  const timers = new ManualTimers();
  const inboxes = new Map<string, (message: FanoutMessage, from: string) => void>();
  const sent: FanoutMessage[] = [];
  let lost = (_: FanoutMessage) => false;

  function node(name: string) {
    const local = createLocalFanout();
    const changes = new Set<() => void>();
    const paths = { redis: true, hears: true };
    const carry = (to: string, message: FanoutMessage) => {
      sent.push(message);
      if (!lost(message)) inboxes.get(to)?.(structuredClone(message), name);
    };
    const fanout: NodeFanout = {
      node: name,
      get redis() {
        return paths.redis;
      },
      get hears() {
        return paths.hears;
      },
      resumed: 0,
      publish: (message) => {
        local.publish(message);
        for (const other of inboxes.keys()) if (other !== name) carry(other, message);
      },
      tell: carry,
      subscribe: local.subscribe,
      onChange: (listener) => {
        changes.add(listener);
        return () => changes.delete(listener);
      },
      start: () => {},
      stop: async () => {},
    };
    inboxes.set(name, (message, from) => paths.hears && local.deliver(message, from));
    const told: string[] = [];
    const presence = new Presence({
      timers,
      graceMs: 3_000,
      emit: (_, kind, people) => told.push(`${kind} ${people.map(({ userId }) => userId).join()}`),
    });
    const gone: string[] = [];
    const roster = new Roster({
      fanout,
      presence,
      onGone: ({ instanceId }) => gone.push(instanceId),
      onHere: () => {},
      timers,
      now: () => timers.now(),
      log,
    });
    const hears = (is: boolean) => {
      paths.hears = is;
      for (const change of changes) change();
    };
    /** Nothing more comes from it, and nobody was told. */
    const die = () => {
      inboxes.delete(name);
      roster.stop();
    };
    return { roster, presence, told, gone, hears, die };
  }
  return { timers, node, sent, lose: (which: typeof lost) => (lost = which) };
}

describe('the roster of nodes', () => {
  it('tells the first socket at once and the rest together, and one message of presence for all of them', () => {
    const { timers, node, sent } = cluster();
    const [a, b] = [node('a'), node('b')];
    timers.advance(2_000);
    sent.length = 0;
    for (let n = 0; n < 50; n += 1) a.roster.add(entry(n));
    expect(b.roster.nodeOf(seat(0))).toBe('a');
    timers.advance(100);
    expect(b.roster.nodeOf(seat(49))).toBe('a');
    expect(sent.filter(({ t }) => t === 'roster')).toHaveLength(2);
    expect(b.told).toHaveLength(2);
  });

  it('a node that comes later knows everybody with the first beat, however many there are', () => {
    const { timers, node } = cluster();
    const a = node('a');
    for (let n = 0; n < 1_234; n += 1) {
      a.presence.online(`u${n}`, ['t'], 'online');
      a.roster.add(entry(n));
    }
    timers.advance(200);
    const late = node('late');
    timers.advance(2_000);
    expect(late.presence.ofTeam('t')).toHaveLength(1_234);
    expect(late.roster.nodeOf(seat(1_233))).toBe('a');
    expect(a.roster.peers).toBe(1);
  });

  it('a lost change is noticed by its number, and made good', () => {
    const { timers, node, lose } = cluster();
    const [a, b] = [node('a'), node('b')];
    timers.advance(2_000);
    lose(({ t }) => t === 'roster');
    a.roster.add(entry(1));
    a.roster.add(entry(2));
    a.roster.remove(seat(1));
    timers.advance(500);
    expect(b.roster.nodeOf(seat(2))).toBeUndefined();
    lose(() => false);
    timers.advance(4_000);
    expect([b.roster.nodeOf(seat(1)), b.roster.nodeOf(seat(2))]).toEqual([undefined, 'a']);
  });

  it('whoever moves is not away for a moment; a node that dies takes its people with it after its lease', () => {
    const { timers, node } = cluster();
    const [a, b, c] = [node('a'), node('b'), node('c')];
    timers.advance(2_000);
    a.roster.add(entry(1));
    a.roster.add(entry(2));
    timers.advance(200);
    a.roster.remove(seat(1));
    b.roster.add(entry(1, 1));
    timers.advance(3_500);
    expect(c.told).toEqual(['join u1', 'join u2']);
    expect(c.roster.nodeOf(seat(1))).toBe('b');
    a.die();
    timers.advance(14_000);
    expect(c.told.at(-1)).toBe('leave u2');
    expect(c.gone).toEqual(['i1', 'i2']);
    expect(c.presence.has('u1')).toBe(true);
    expect(c.roster.peers).toBe(1);
  });

  it('who can hear nobody, or stood still, takes nobody for dead', () => {
    const { timers, node } = cluster();
    const [a, b] = [node('a'), node('b')];
    timers.advance(2_000);
    a.roster.add(entry(1));
    timers.advance(200);
    b.hears(false);
    timers.advance(60_000);
    expect(b.presence.has('u1')).toBe(true);
    b.hears(true);
    timers.advance(6_000);
    expect(b.roster.peers).toBe(1);
    timers.freeze(60_000);
    timers.advance(1);
    expect(b.presence.has('u1')).toBe(true);
    timers.advance(20_000);
    expect(b.told.filter((text) => text.startsWith('leave'))).toEqual([]);
  });

  it('a node that says goodbye is forgotten at once', () => {
    const { timers, node } = cluster();
    const [a, b] = [node('a'), node('b')];
    timers.advance(2_000);
    a.roster.add(entry(1));
    a.roster.stop();
    expect(b.roster.peers).toBe(0);
    timers.advance(3_000);
    expect(b.presence.has('u1')).toBe(false);
  });
});
