import type { CallView } from '@parley/protocol';
import { ADA, ADA_AT, callView, contextFor, FakeEngine, GRACE, TEAM, uuidOf } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shared } from '../src/index.ts';
import { ClientBench, SERVER_CAPABILITIES } from './client-bench.ts';

it('keeps what says the same, at any depth, and takes over what does not', () => {
  const stream = new (class Stream {})();
  const before = {
    people: [
      { id: 'a', stream },
      { id: 'b', stream },
    ],
    count: 2,
  };
  const same = shared(before, {
    people: [
      { id: 'a', stream },
      { id: 'b', stream },
    ],
    count: 2,
  });
  expect(same).toBe(before);
  const after = shared(before, {
    people: [
      { id: 'a', stream },
      { id: 'c', stream },
    ],
    count: 2,
  });
  expect(after).toEqual({
    people: [
      { id: 'a', stream },
      { id: 'c', stream },
    ],
    count: 2,
  });
  expect(after.people[0]).toBe(before.people[0]);
});

it('takes shorter lists and objects with fewer fields as they are', () => {
  expect(shared([1, 2, 3], [1, 2])).toEqual([1, 2]);
  expect(shared({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
  expect(shared({ a: undefined }, {})).toEqual({});
  expect(shared(null, { a: 1 })).toEqual({ a: 1 });
});

describe('a group of nine', () => {
  let bench: ClientBench;
  let version = 10;
  const others = [GRACE, ...Array.from({ length: 7 }, (_, n) => ({ id: uuidOf(0x700 + n), displayName: `P ${n}` }))];
  const group = (muted: string | null = null): CallView => {
    const view = callView({ status: 'connected', callType: 'audio', caller: GRACE, callee: ADA });
    const [, one] = view.call.participants;
    if (!one) throw new Error('two were expected');
    version += 1;
    const participants = [ADA, ...others].map((person) => ({
      ...one,
      userId: person.id,
      displayName: person.displayName,
      state: 'joined' as const,
      isMuted: person.id === muted,
      role: 'member' as const,
    }));
    const seats = participants.map(({ userId }, n) => ({
      userId,
      ...(userId === ADA.id ? ADA_AT : { deviceId: uuidOf(0x800 + n), instanceId: uuidOf(0x900 + n) }),
    }));
    return {
      ...view,
      call: { ...view.call, callType: 'group_audio', mediaEngine: 'livekit', version, participants },
      seats,
    };
  };
  const people = () => bench.snapshot.active?.people ?? [];
  /** Whom a screen would draw anew after it. */
  const touchedBy = async (what: () => unknown): Promise<readonly string[]> => {
    const before = new Set(people());
    await what();
    return people().flatMap((person) => (before.has(person) ? [] : [person.displayName]));
  };

  beforeEach(async () => {
    bench = new ClientBench();
    await bench.signIn({ calls: [group()] });
    for (const { id } of others) await new FakeEngine(bench.sfu, SERVER_CAPABILITIES).connect(contextFor(id));
    await bench.clock.advance(2_000);
    expect(people()).toHaveLength(8);
  });
  afterEach(() => bench.client.dispose());

  it('a mute touches the one who is muted', async () => {
    const name = others[3]?.displayName;
    expect(await touchedBy(() => bench.say({ t: 'call', view: group(others[3]?.id), events: [] }))).toEqual([name]);
  });

  it('who speaks touches the one who begins, and then also the one who ends', async () => {
    expect(await touchedBy(() => bench.engine?.say('speakers', [others[1]?.id ?? '']))).toHaveLength(1);
    expect(await touchedBy(() => bench.engine?.say('speakers', [others[2]?.id ?? '']))).toHaveLength(2);
  });

  it('figures that were measured, and who comes and goes in the team, touch nobody', async () => {
    expect(await touchedBy(() => bench.clock.advance(2_000))).toEqual([]);
    const active = bench.snapshot.active;
    const stranger = { userId: uuidOf(0x999), state: 'online' as const };
    await bench.say({ t: 'presence', teamId: TEAM.id, kind: 'join', people: [stranger] });
    expect(bench.snapshot.presence.get(stranger.userId)).toBe('online');
    expect(bench.snapshot.active).toBe(active);
  });
});
