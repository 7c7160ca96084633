import type { CallView, User } from '@parley/protocol';
import { ADA, ADA_AT, callView, EPOCH, GRACE, ringOf, TEAM, uuidOf } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { reduceCalls } from '../src/calls/reducer.ts';
import { type ActiveEntry, type CallsInput, type CallsState, NO_CALLS } from '../src/calls/state.ts';
import { summaryOf } from '../src/calls/summary.ts';

const CALL = uuidOf(0xc1);
const CHANNEL = uuidOf(0xcc);
const LINUS: User = { id: uuidOf(0xd), displayName: 'Linus Torvalds' };
type State = CallView['call']['participants'][number]['state'];

const run = (state: CallsState, ...inputs: CallsInput[]): CallsState => inputs.reduce(reduceCalls, state);
const ada = run(NO_CALLS, { type: 'identified', self: { user: ADA, ...ADA_AT } });

/** Grace's call in a channel, with Linus; @param own what Ada is in it. */
function group(
  own: State | null,
  version: number,
  status: 'ringing' | 'connecting' | 'connected' = 'connected',
): CallView {
  const view = callView({ id: CALL, status, version, caller: GRACE, callee: LINUS });
  const [grace, linus] = view.call.participants;
  if (!grace || !linus) throw new Error('two people were expected');
  const me = own === null ? [] : [{ ...linus, userId: ADA.id, displayName: ADA.displayName, state: own }];
  const seated = own === 'connecting' || own === 'joined';
  return {
    ...view,
    call: { ...view.call, callType: 'group_video', channelId: CHANNEL, participants: [grace, linus, ...me] },
    seats: [...view.seats, ...(seated ? [{ userId: ADA.id, ...ADA_AT }] : [])],
  };
}
const news = (view: CallView, type?: string): CallsInput => ({
  type: 'view',
  view,
  events:
    type === undefined
      ? []
      : [
          {
            seq: view.call.version,
            type,
            actorId: type === 'left' ? ADA.id : GRACE.id,
            deviceId: null,
            at: view.call.createdAt,
            data: { userId: ADA.id },
          },
        ],
});
const entry: ActiveEntry = {
  lane: CALL,
  callId: CALL,
  callType: 'group_video',
  isInitiator: false,
  teamId: TEAM.id,
  channelId: CHANNEL,
  people: [],
  audioOnly: false,
  restored: false,
  seated: false,
  unheld: true,
  turnedFrom: null,
};
const join: CallsInput = { type: 'join_tapped', entry };
const leave: CallsInput = { type: 'leave_tapped', reason: 'hangup', now: EPOCH + 10_000 };
const ring: CallsInput = { type: 'ring', ring: ringOf(group('ringing', 3), GRACE), now: EPOCH };

describe('a call of several', () => {
  it('is on the screen at the tap that joins it, and stays until the server has answered', () => {
    const joined = run(ada, news(group(null, 4)), join, news(group(null, 5)));
    expect(joined.active).toMatchObject({ callId: CALL, seated: false });
    expect(run(joined, news(group('connecting', 6))).active).toMatchObject({ callId: CALL, seated: true });
  });

  it('rings while others talk already', () => {
    expect(run(ada, news(group('ringing', 4)), ring).rings).toHaveLength(1);
    expect(run(ada, news(group('left', 4)), ring).rings).toHaveLength(1);
    expect(run(ada, news(group('joined', 4)), ring).rings).toEqual([]);
  });

  it('rings whom two people ask to come, before it is a group', () => {
    const view = group('ringing', 4);
    const asked = run(ada, news({ ...view, call: { ...view.call, callType: 'video', channelId: null } }), ring);
    expect(asked.rings).toHaveLength(1);
  });

  it('stops ringing when this person is not asked any more, and goes on for the others', () => {
    const rings = run(ada, ring, news(group('ringing', 4)));
    const missed = run(rings, news(group('missed', 5)));
    expect([missed.rings, missed.active, missed.summaries]).toEqual([[], null, []]);
  });

  it('does not count for who was in it those for whom it only rang', () => {
    const view = group('joined', 4);
    const [grace] = view.call.participants;
    if (!grace) throw new Error('somebody was expected');
    const ken = { ...grace, userId: uuidOf(0xe), displayName: 'Ken Thompson', joinedAt: null };
    const people = (state: State) => [...view.call.participants, { ...ken, state }];
    const ringing = { ...view, call: { ...view.call, participants: people('ringing') } };
    const tapped = run(ada, join, news(ringing), leave);
    const ended = {
      ...view.call,
      status: 'ended',
      endReason: 'hangup',
      version: 5,
      participants: people('missed'),
    } as const;
    for (const state of [tapped, run(tapped, news({ ...view, call: ended }))]) {
      expect(state.summaries[0]?.people).toHaveLength(3);
      expect(state.summaries[0]?.absent).toEqual([ken.userId]);
    }
    // In the history of somebody who was not asked.
    const reader = 'f0000000-0000-4000-8000-00000000000f';
    expect(summaryOf(ended, reader)?.absent).toEqual([ken.userId, reader]);
  });

  it('goes on without whoever leaves it, and takes them back', () => {
    const left = run(ada, join, news(group('joined', 4)), leave);
    expect(left.active).toBeNull();
    expect(left.summaries[0]).toMatchObject({ callId: CALL, heading: 'call_ended' });
    const confirmed = run(left, news(group('left', 5)));
    expect(confirmed.leaving.size).toBe(0);
    const back = run(confirmed, join, news(group('joined', 6)));
    expect(back.active).toMatchObject({ callId: CALL, seated: true });
    expect(back.summaries).toEqual([]);
  });

  it('tells whoever was removed by a host that they were', () => {
    const removed = run(ada, join, news(group('joined', 4)), news(group('left', 5), 'removed'));
    expect(removed.active).toBeNull();
    expect(removed.notices.map(({ kind }) => kind)).toEqual(['removed']);
  });

  it('is come back to by whoever lost the seat, as muted as they were', () => {
    const dropped = run(ada, join, news(group('joined', 4)), news(group('left', 5), 'dropped'));
    expect(dropped.active).toMatchObject({ callId: CALL, seated: false, returning: true, restored: true });
    expect(dropped.notices).toEqual([]);
    expect(run(dropped, news(group('connecting', 6))).active).toMatchObject({ seated: true });
    // After a sleep nothing is said of why.
    expect(run(ada, join, news(group('joined', 4)), news(group('left', 5))).active).toMatchObject({ returning: true });
  });

  it('that was turned to from another one is come back to, and not that other one in its place', () => {
    const turned: CallsInput = { type: 'join_tapped', entry: { ...entry, turnedFrom: uuidOf(0xc2) } };
    const held = { ...entry, lane: uuidOf(0xc2), callId: uuidOf(0xc2), seated: true };
    const dropped = run({ ...ada, held: [held] }, turned, news(group('joined', 4)), news(group('left', 5), 'dropped'));
    expect(dropped.active).toMatchObject({ callId: CALL, returning: true });
    const gone = run(dropped, { type: 'lost', callId: CALL, by: 'dropped' });
    expect([gone.active, gone.held.map(({ callId }) => callId)]).toEqual([null, [uuidOf(0xc2)]]);
  });

  it('that was on hold when the seat was lost is not come back to', () => {
    const holding = { ...ada, held: [{ ...entry, seated: true }] };
    for (const [by, kinds] of [
      ['dropped', ['dropped']],
      ['removed', ['removed']],
      ['left', []],
    ] as const) {
      const { held, active, notices } = run(holding, news(group('left', 5), by));
      expect([active, held, notices.map(({ kind }) => kind)], by).toEqual([null, [], kinds]);
    }
  });

  it('is not come back to by whoever left it elsewhere, or was removed while this device slept', () => {
    const seated = run(ada, join, news(group('joined', 4)));
    const elsewhere = run(seated, news(group('left', 5), 'left'));
    expect([elsewhere.active, elsewhere.notices]).toEqual([null, []]);
    const slept = run(seated, news(group('left', 5)));
    const said = (by: 'removed' | 'left' | 'dropped') => {
      const { active, notices } = run(slept, { type: 'lost', callId: CALL, by });
      return [active, ...notices.map(({ kind }) => kind)];
    };
    expect([said('removed'), said('left'), said('dropped')]).toEqual([[null, 'removed'], [null], [null, 'dropped']]);
    const refused = run(slept, { type: 'refused', command: 'accept', target: CALL, code: 'removed_from_call' });
    expect([refused.active, ...refused.notices.map(({ kind }) => kind)]).toEqual([null, 'removed']);
  });

  it('that is started belongs to the create of its channel, also when its view comes first', () => {
    const started = run(ada, { type: 'start_tapped', entry: { ...entry, lane: 'lane-1', callId: null } });
    expect(run(started, news(group('connecting', 1))).active).toMatchObject({ callId: CALL, lane: 'lane-1' });
  });
});
