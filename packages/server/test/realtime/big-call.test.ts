import { type CallEventRecord, type CallView, mergeCallDelta, PARTICIPANTS_IN_VIEW, type Seat } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { BOUNDS } from '../../src/realtime/bounds.ts';
import { viewFor } from '../../src/store/big-call.ts';
import { CALL, id, seat, stage, TEAM, viewOf } from '../support/hub-stage.ts';

type Person = CallView['call']['participants'][number];

const person = (n: number, wanted: Partial<Person> = {}): Person => ({
  userId: id(1000 + n),
  displayName: `Person ${n}`,
  state: 'joined',
  joinedAt: '2026-01-01T00:00:00.000Z',
  leftAt: null,
  isMuted: true,
  videoEnabled: false,
  role: n === 0 ? 'host' : 'member',
  handRaisedAt: null,
  mediaEpoch: 1,
  waiting: false,
  onHold: false,
  ...wanted,
});

/** As long as the changes of a call of so many wait. */
const waitOf = (people: { readonly length: number }) =>
  Math.max(BOUNDS.bigCallMs, people.length * BOUNDS.togetherMsEach);

const isSeated = ({ state }: Person) => state === 'joined' || state === 'connecting';

function bigView(version: number, people: readonly Person[]): CallView {
  const view = viewOf(version, 'connected', []);
  const seats: Seat[] = people.filter(isSeated).map(({ userId }) => seat(userId));
  return { ...view, call: { ...view.call, callType: 'group_audio', participants: [...people] }, seats };
}

const many = (count: number) => Array.from({ length: count }, (_, n) => person(n));
const event = (seq: number, type: string, userId: string): CallEventRecord => ({
  seq,
  type,
  actorId: id(1000),
  deviceId: null,
  at: '2026-01-01T00:00:00.000Z',
  data: { userId },
});
/** The same whatever their order. */
const sorted = ({ call, seats, ...rest }: CallView) => ({
  ...rest,
  call: { ...call, participants: [...call.participants].sort((a, b) => a.userId.localeCompare(b.userId)) },
  seats: [...seats].sort((a, b) => a.userId.localeCompare(b.userId)),
});

/** A call of so many, of which the person at `at` has heard. */
async function begun(count: number, at = count - 1) {
  const there = stage();
  const people = many(count);
  const me = people[at]?.userId ?? '';
  const socket = await there.join(me);
  // Of the team: whoever has left hears how it goes on.
  socket.say({ t: 'subscribe', topic: `team:${TEAM}` });
  await socket.next('subscribed');
  const tell = (view: CallView, events: CallEventRecord[] = []) => there.fanout.publish({ t: 'call', view, events });
  tell(bigView(1, people));
  there.timers.advance(waitOf(people));
  return { ...there, people, me, socket, tell, first: (await socket.next('call')).view };
}

describe('a call of many', () => {
  it('P97 is told with fifty of its people and oneself, and how many there are', async () => {
    const { first, me } = await begun(1000);
    expect(first.call.participants).toHaveLength(PARTICIPANTS_IN_VIEW + 1);
    expect(first.call.participants.at(-1)?.userId).toBe(me);
    expect(first.call.counts).toEqual({ total: 1000, seated: 1000 });
    expect(first.seats.map(({ userId }) => userId)).toContain(me);
  });

  it('P98 a hundred changes within a moment are one small message, written once for all', async () => {
    const { people, tell, timers, socket, join } = await begun(1000);
    const other = await join(people[998]?.userId ?? '');
    for (let n = 0; n < 100; n += 1) {
      people.push(person(1000 + n));
      tell(bigView(2 + n, people), [event(2 + n, 'accepted', person(1000 + n).userId)]);
    }
    expect(socket.of('call_delta')).toEqual([]);
    timers.advance(waitOf(people));
    const delta = await socket.next('call_delta');
    expect(delta.view.call).toMatchObject({ version: 101, participants: [], counts: { total: 1100, seated: 1100 } });
    expect(delta.own).toBeUndefined();
    await other.next('call_delta');
    expect(Object.is(socket.texts.at(-1), other.texts.at(-1))).toBe(true);
    expect(socket.texts.at(-1)?.length).toBeLessThan(1000);
  });

  it('P98 says to each what has changed about themselves, with the events that name them', async () => {
    const { people, me, tell, timers, socket, join } = await begun(1000);
    const other = await join(people[998]?.userId ?? '');
    people[999] = person(999, { isMuted: false });
    tell(bigView(2, people), [event(2, 'muted', me)]);
    timers.advance(waitOf(people));
    expect((await socket.next('call_delta')).own).toMatchObject({
      person: { userId: me, isMuted: false },
      seat: { userId: me },
      events: [{ type: 'muted' }],
    });
    expect((await other.next('call_delta')).own).toBeUndefined();
  });

  it('P98 tells who is on hold, and who comes back', async () => {
    const { people, tell, timers, socket } = await begun(1000);
    for (const [version, onHold] of [
      [2, true],
      [3, false],
    ] as const) {
      people[0] = person(0, { onHold });
      tell(bigView(version, people));
      timers.advance(waitOf(people));
      const told = (await socket.next('call_delta')).view.call.participants;
      expect(told).toMatchObject([{ userId: id(1000), onHold, waiting: false }]);
    }
  });

  it('P98 a gap is noticed: what was told after a number that one does not have says nothing', async () => {
    const { people, me, tell, timers, socket, first } = await begun(60);
    for (const version of [2, 3]) {
      people[5] = person(5, { isMuted: version === 2 });
      tell(bigView(version, people));
      timers.advance(waitOf(people));
    }
    await socket.next('call_delta');
    const second = await socket.next('call_delta');
    expect(mergeCallDelta(first, second, me)).toBeNull();
  });

  it('P98 the end comes at once', async () => {
    const { people, me, tell, socket, first } = await begun(60);
    const over = viewOf(2, 'ended', []);
    const left = people.map((one): Person => ({ ...one, state: 'left', leftAt: '2026-01-01T00:10:00.000Z' }));
    tell({ ...over, call: { ...over.call, callType: 'group_audio', participants: left } });
    const merged = mergeCallDelta(first, await socket.next('call_delta'), me);
    expect(merged?.call.status).toBe('ended');
    expect(merged?.call.participants.every(({ state }) => state === 'left')).toBe(true);
    expect(merged?.seats).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'P98 whatever changes, what is put together is the view (seed %d)',
    async (seed) => {
      let state = seed * 2654435761;
      const dice = (sides: number) => {
        state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
        return state % sides;
      };
      const { people, me, tell, timers, socket, first } = await begun(70, dice(70));
      let known = first;
      let version = 1;
      for (let round = 0; round < 30; round += 1) {
        for (let change = dice(6); change >= 0; change -= 1) {
          const n = dice(people.length + 1);
          const old = people[n];
          const hand = dice(4) === 0 ? `2026-01-01T00:00:${String(10 + dice(40))}.000Z` : null;
          const wanted: Partial<Person> =
            [
              { state: 'left' as const, leftAt: '2026-01-01T00:05:00.000Z', handRaisedAt: null },
              { state: 'joined' as const, leftAt: null },
              { isMuted: dice(2) === 0 },
              { handRaisedAt: hand },
            ][dice(4)] ?? {};
          if (old === undefined) people.push(person(n));
          else people[n] = { ...old, ...wanted };
          version += 1;
          tell(bigView(version, people));
          // Sometimes one's own answer brings the whole view between two messages.
          if (dice(10) === 0) known = viewFor(bigView(version, people), me);
        }
        timers.advance(waitOf(people));
        const merged = mergeCallDelta(known, await socket.next('call_delta'), me);
        if (merged === null) throw new Error('there was no gap');
        known = merged;
        expect(sorted(known)).toEqual(sorted(viewFor(bigView(version, people), me)));
      }
      expect(known.call.id).toBe(CALL);
    },
  );
});
