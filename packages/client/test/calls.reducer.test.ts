import type { User } from '@parley/protocol';
import { ADA, ADA_AT, callView, EPOCH, GRACE, GRACE_AT, iso, ringOf, TEAM, uuidOf, welcomeFor } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { inboxToResume } from '../src/calls/change.ts';
import { reduceCalls } from '../src/calls/reducer.ts';
import { incomingOf } from '../src/calls/snapshot.ts';
import { type ActiveEntry, type CallsInput, type CallsState, NO_CALLS } from '../src/calls/state.ts';

const run = (state: CallsState, ...inputs: CallsInput[]): CallsState => inputs.reduce(reduceCalls, state);
const ada = run(NO_CALLS, { type: 'identified', self: { user: ADA, ...ADA_AT } });
const grace = run(NO_CALLS, { type: 'identified', self: { user: GRACE, ...GRACE_AT } });
const LINUS: User = { id: uuidOf(0xd), displayName: 'Linus Torvalds' };
const CALL = uuidOf(0xc1);
const view = (
  options: Parameters<typeof callView>[0],
  events: { type: string; deviceId: string }[] = [],
): CallsInput => ({
  type: 'view',
  view: callView(options),
  events: events.map(({ type, deviceId }, index) => ({
    seq: index + 1,
    type,
    actorId: GRACE.id,
    deviceId,
    at: iso(5_000),
    data: {},
  })),
});
const ring: CallsInput = { type: 'ring', ring: ringOf(callView()), now: EPOCH };
const entry: ActiveEntry = {
  lane: 'lane-1',
  callId: null,
  callType: 'video',
  isInitiator: true,
  teamId: TEAM.id,
  channelId: null,
  people: [GRACE],
  audioOnly: false,
  restored: false,
  seated: false,
  unheld: true,
  turnedFrom: null,
};
const start: CallsInput = { type: 'start_tapped', entry };
const created = (options: Parameters<typeof callView>[0] = {}): CallsInput => ({
  type: 'created',
  lane: 'lane-1',
  view: callView(options),
  partial: false,
});
const accept: CallsInput = { type: 'accept_tapped', callId: CALL, audioOnly: false, others: 'end' };
const decline: CallsInput = { type: 'decline_tapped', callId: CALL };
const leave: CallsInput = { type: 'leave_tapped', reason: 'hangup', now: EPOCH + 10_000 };

describe('the caller', () => {
  it('is on the screen at the tap, and gets the id with the answer', () => {
    const tapped = run(ada, start);
    expect(tapped.active).toMatchObject({ callId: null, isInitiator: true });
    expect(run(tapped, created()).active).toMatchObject({ callId: CALL, lane: 'lane-1' });
  });

  it('P43 takes the view that comes before the answer to create for its own call', () => {
    expect(run(ada, start, view({})).active).toMatchObject({ callId: CALL, lane: 'lane-1', restored: false });
  });

  it('learns of glare: the call that exists becomes the active one, with its first type', () => {
    const state = run(
      ada,
      start,
      created({
        status: 'connecting',
        callType: 'audio',
        caller: GRACE,
        callee: ADA,
        callerAt: GRACE_AT,
        calleeAt: ADA_AT,
      }),
    );
    expect(state.active).toMatchObject({ callId: CALL, callType: 'audio', isInitiator: false });
  });

  it('does not ask about the ring of the very person who is being called', () => {
    const glare = run(ada, start, { type: 'ring', ring: ringOf(callView({ id: uuidOf(0xc2) }), GRACE), now: EPOCH });
    expect(incomingOf(glare, true)).toEqual([]);
    expect(
      incomingOf(run(glare, { type: 'refused', command: 'create', target: 'lane-1', code: 'network' }), true),
    ).toHaveLength(1);
  });

  it('shows the ring of a group from whom one calls at the moment', () => {
    const group = { ...ringOf(callView({ id: uuidOf(0xc2) }), GRACE), callType: 'group_video' as const };
    const shown = (state: CallsState) => incomingOf(state, true).map(({ ring }) => ring.callId);
    expect(shown(run(ada, start, { type: 'ring', ring: group, now: EPOCH }))).toEqual([group.callId]);
    // A call that began as one of two still says so in its ring, though it has more people by now.
    const third = ringOf(callView({ id: uuidOf(0xc3) }), GRACE);
    expect(shown(run(ada, start, created(), { type: 'ring', ring: third, now: EPOCH }))).toEqual([third.callId]);
  });

  it.each([
    ['O1 declined', { status: 'rejected', endReason: 'declined' }, 'call_declined', [ADA.id, GRACE.id]],
    ['O3 not answered', { status: 'missed', endReason: 'no_answer' }, 'no_answer', [ADA.id, GRACE.id]],
    ['O4 busy', { status: 'rejected', endReason: 'busy' }, 'on_another_call', [ADA.id, GRACE.id]],
    ['O6 hung up', { status: 'ended', endReason: 'hangup' }, 'call_ended', []],
    ['O8 without media', { status: 'ended', endReason: 'media_failed' }, 'call_ended', []],
  ] as const)('%s: the summary says so, and who was never in it', (_row, end, heading, absent) => {
    const state = run(ada, start, created(), view({ ...end, version: 9 }));
    expect(state.active).toBeNull();
    expect(state.summaries[0]).toMatchObject({ callId: CALL, heading, callAgain: GRACE.id, absent });
  });

  it('O4 sees the summary also when create itself is answered with a call that is over', () => {
    expect(run(ada, start, created({ status: 'rejected', endReason: 'busy' })).summaries[0]?.heading).toBe(
      'on_another_call',
    );
  });

  it('sees the summary also when the answer to create comes after the end of the call', () => {
    const state = run(ada, start, view({ status: 'rejected', endReason: 'declined', version: 3 }), created());
    expect(state).toMatchObject({ active: null, summaries: [{ callId: CALL, heading: 'call_declined' }] });
  });

  it('O2 cancels: Call ended at the tap, and the server only confirms', () => {
    const state = run(ada, start, created(), leave);
    const cancelled = {
      heading: 'call_ended',
      endReason: 'cancelled',
      durationSeconds: null,
      absent: [ADA.id, GRACE.id],
    };
    expect(state.summaries[0]).toMatchObject(cancelled);
    const confirmed = run(state, view({ status: 'missed', endReason: 'cancelled' }));
    expect(confirmed.summaries).toEqual([expect.objectContaining(cancelled)]);
    expect(confirmed.leaving.size).toBe(0);
  });

  it('cancels before the server has answered: whatever comes of the create is not shown', () => {
    const state = run(ada, start, leave);
    expect(state.active).toBeNull();
    expect(run(state, view({})).active).toBeNull();
    expect(run(state, created()).active).toBeNull();
    expect(run(state, created(), view({ status: 'missed', endReason: 'cancelled' })).summaries).toEqual([]);
  });

  it('leaves what comes of a call that was given up, though another one has begun since', () => {
    const other: User = { id: uuidOf(0xcc), displayName: 'Linus Torvalds' };
    const begun = run(ada, start, leave, {
      type: 'start_tapped',
      entry: { ...entry, lane: 'lane-2', people: [other] },
    });
    const running = run(begun, view({ id: uuidOf(0xc2), callee: other }));
    for (const before of [begun, running]) {
      const found = run(before, view({}));
      expect([...found.leaving]).toEqual([CALL]);
      expect(found.abandoned.size).toBe(0);
      expect(found.active).toBe(before.active);
    }
    expect(running.active?.callId).toBe(uuidOf(0xc2));
  });

  it('keeps what comes of a call that was given up when it calls the same person again', () => {
    const again = run(ada, start, leave, { type: 'start_tapped', entry: { ...entry, lane: 'lane-2' } }, view({}));
    expect(again.active).toMatchObject({ callId: CALL, lane: 'lane-2' });
    expect(again.leaving.size).toBe(0);
  });

  it('is told of a create that was refused', () => {
    const state = run(ada, start, {
      type: 'refused',
      command: 'create',
      target: 'lane-1',
      code: 'too_many_live_calls',
    });
    expect(state.active).toBeNull();
    expect(state.notices[0]).toMatchObject({ kind: 'command_failed', code: 'too_many_live_calls' });
  });
});

describe('the callee', () => {
  it('P60 rings as soon as the ring comes', () => {
    expect(incomingOf(run(grace, ring), true)).toMatchObject([{ audible: true, ring: { callId: CALL, caller: ADA } }]);
  });

  it('P62 hears of the ring once, and not of one that is over', () => {
    expect(run(grace, ring, ring).rings).toHaveLength(1);
    expect(run(grace, view({ status: 'missed', endReason: 'cancelled' }), ring).rings).toEqual([]);
    expect(run(grace, { ...ring, now: EPOCH + 60_000 }).rings).toEqual([]);
  });

  it('P62 hides the dialog only some seconds after the expiry, and says what was missed when it hears of it', () => {
    const at = (now: number) => run(grace, ring, { type: 'tick', now: EPOCH + now });
    expect(at(30_500).rings).toHaveLength(1);
    expect(at(34_000).rings).toEqual([]);
    const late = run(at(34_000), view({ status: 'missed', endReason: 'no_answer' }));
    expect(late.summaries[0]?.heading).toBe('call_missed');
  });

  it('is in the call at the tap', () => {
    expect(run(grace, ring, accept)).toMatchObject({ rings: [], active: { callId: CALL, isInitiator: false } });
  });

  it('O2 sees Call missed when the caller has cancelled', () => {
    expect(run(grace, ring, view({ status: 'missed', endReason: 'cancelled' })).summaries[0]?.heading).toBe(
      'call_missed',
    );
  });

  it('O1 has declined: the dialog goes at the tap and nothing more is said', () => {
    const state = run(grace, ring, decline);
    expect(state.rings).toEqual([]);
    const confirmed = run(state, view({ status: 'rejected', endReason: 'declined' }));
    expect(confirmed).toMatchObject({ summaries: [], notices: [] });
  });

  it('does not show again a ring that was declined by a tap', () => {
    expect(run(grace, ring, decline, ring).rings).toEqual([]);
  });

  it('tapped too late: the tap is taken back and the end is told', () => {
    const state = run(grace, ring, accept, { type: 'refused', command: 'accept', target: CALL, code: 'call_ended' });
    expect(state).toMatchObject({ active: null, notices: [] });
    expect(run(state, view({ status: 'missed', endReason: 'cancelled' })).summaries[0]?.heading).toBe('call_missed');
  });
});

describe('the other devices of the callee', () => {
  const elsewhere = { deviceId: uuidOf(0xbe), instanceId: uuidOf(0xb2) };
  const otherTab = { ...GRACE_AT, instanceId: uuidOf(0xb2) };

  it('say that the call was answered on another device', () => {
    const state = run(grace, ring, view({ status: 'connecting', calleeAt: elsewhere }));
    expect(state).toMatchObject({ rings: [], active: null, notices: [{ kind: 'answered_elsewhere' }] });
  });

  it('say nothing in another tab of the device that answered', () => {
    expect(run(grace, ring, view({ status: 'connecting', calleeAt: otherTab }))).toMatchObject({
      rings: [],
      notices: [],
    });
  });

  it('take back a tap that came second', () => {
    const state = run(grace, ring, accept, view({ status: 'connecting', calleeAt: elsewhere }));
    expect(state).toMatchObject({ active: null, notices: [{ kind: 'answered_elsewhere' }] });
    const refused = run(state, { type: 'refused', command: 'accept', target: CALL, code: 'answered_elsewhere' });
    expect(refused.notices).toHaveLength(1);
  });

  it('say that it was declined on another device, unless another tab of this one did it', () => {
    const end = { status: 'rejected', endReason: 'declined' } as const;
    const far = run(grace, ring, view(end, [{ type: 'declined', deviceId: elsewhere.deviceId }]));
    expect(far).toMatchObject({ rings: [], summaries: [], notices: [{ kind: 'declined_elsewhere' }] });
    const near = run(grace, ring, view(end, [{ type: 'declined', deviceId: GRACE_AT.deviceId }]));
    expect(near).toMatchObject({ rings: [], summaries: [], notices: [] });
  });

  it('say so too when they hear of it only after the call has ended', () => {
    const state = run(grace, ring, view({ status: 'ended', endReason: 'hangup', version: 7 }));
    expect(state).toMatchObject({ rings: [], summaries: [], notices: [{ kind: 'answered_elsewhere' }] });
  });
});

describe('in the call', () => {
  const inCall = run(grace, ring, accept, view({ status: 'connecting' }), view({ status: 'connected' }));

  it('P50 ignores a view that is not newer', () => {
    expect(run(inCall, view({ status: 'connecting', version: 2 }))).toBe(inCall);
    expect(run(inCall, view({ status: 'ended', version: 4 }))).toBe(inCall);
  });

  it('leaves at the tap with the time that has passed, and takes the figures of the server when they come', () => {
    const left = run(inCall, leave);
    expect(left).toMatchObject({ active: null, summaries: [{ heading: 'call_ended', durationSeconds: 8 }] });
    const told = run(
      left,
      view({ status: 'connected', version: 5 }),
      view({ status: 'ended', version: 6, durationSeconds: 9 }),
    );
    expect(told).toMatchObject({ active: null, summaries: [{ durationSeconds: 9 }] });
  });

  it('does not bring back a summary that was put away', () => {
    const state = run(
      inCall,
      leave,
      { type: 'summary_dismissed', callId: CALL },
      view({ status: 'ended', version: 6 }),
    );
    expect(state.summaries).toEqual([]);
  });

  it('ends when the other side leaves, with the duration of the server', () => {
    const state = run(inCall, view({ status: 'ended', version: 6, durationSeconds: 42 }));
    expect(state).toMatchObject({ active: null, summaries: [{ heading: 'call_ended', durationSeconds: 42 }] });
  });

  it('replaces what a REST answer left open by a whole view of the same version', () => {
    const bare = { ...callView({ status: 'connecting' }), seats: [{ userId: GRACE.id, ...GRACE_AT }] };
    const partial = run(grace, ring, accept, { type: 'view', view: bare, events: [], partial: true });
    expect(partial.views.get(CALL)?.view.seats).toHaveLength(1);
    expect(run(partial, view({ status: 'connecting' })).views.get(CALL)?.view.seats).toHaveLength(2);
  });
});

describe('welcome', () => {
  const welcome = (more: Parameters<typeof welcomeFor>[2] = {}): CallsInput => ({
    type: 'welcome',
    welcome: welcomeFor(GRACE, GRACE_AT, more),
    now: EPOCH,
  });

  it('P4 brings back the call of this instance after a reload', () => {
    const state = run(grace, welcome({ calls: [callView({ status: 'connected' })] }));
    expect(state.active).toMatchObject({ callId: CALL, restored: true });
  });

  it('leaves the call from before the reload once the person has begun another', () => {
    const news = welcome({
      calls: [callView({ id: uuidOf(0xc2), caller: LINUS, callee: ADA, status: 'connected', calleeAt: ADA_AT })],
    });
    const state = run(ada, start, news);
    expect(state.active).toMatchObject({ lane: 'lane-1' });
    expect([...state.leaving]).toEqual([uuidOf(0xc2)]);
    expect(state.summaries).toEqual([]);
  });

  it('W4 keeps on hold what the server has put there when the person began another after the reload', () => {
    const held = callView({ id: uuidOf(0xc2), caller: LINUS, callee: ADA, status: 'connected', calleeAt: ADA_AT });
    const participants = held.call.participants.map((p) => ({ ...p, onHold: p.userId === ADA.id }));
    const state = run(ada, start, welcome({ calls: [{ ...held, call: { ...held.call, participants } }] }));
    expect(state.held.map(({ callId }) => callId)).toEqual([uuidOf(0xc2)]);
    expect([...state.leaving]).toEqual([]);
  });

  it('W4c steps back from a call that was answered while the person talks on another device', () => {
    const answered = (version: number) => {
      const { call, ...rest } = callView({ status: 'connecting', version });
      return {
        ...rest,
        call: { ...call, participants: call.participants.map((p) => ({ ...p, onHold: p.userId === ADA.id })) },
      };
    };
    const expected = { active: null, held: [{ callId: CALL, lane: 'lane-1' }], notices: [{ kind: 'held' }] };
    const told: CallsInput = { type: 'view', view: answered(3), events: [] };
    expect(run(ada, start, created(), told)).toMatchObject(expected);
    // Also where the answer to the create comes after it, or never.
    expect(run(ada, start, told)).toMatchObject(expected);
    expect(run(ada, start, told, created())).toMatchObject(expected);
  });

  it('leaves a call alone that another instance of the person holds', () => {
    const other = { deviceId: uuidOf(0xbe), instanceId: uuidOf(0xb2) };
    const state = run(grace, welcome({ calls: [callView({ status: 'connected', calleeAt: other })] }));
    expect(state).toMatchObject({ active: null, notices: [] });
  });

  it('P61 brings the rings, and takes away those that it does not name', () => {
    expect(run(grace, welcome({ rings: [ringOf(callView())] })).rings).toHaveLength(1);
    expect(run(grace, ring, welcome()).rings).toEqual([]);
  });

  it('does not ring for a call that was accepted by a tap meanwhile', () => {
    expect(run(grace, ring, accept, welcome({ rings: [ringOf(callView())] })).rings).toEqual([]);
  });

  it('P4 tells of calls that have ended while the socket was down', () => {
    const inCall = run(grace, ring, accept, view({ status: 'connected' }));
    const state = run(inCall, welcome({ ended: [callView({ status: 'ended', version: 8, durationSeconds: 3 })] }));
    expect(state).toMatchObject({ active: null, summaries: [{ durationSeconds: 3 }] });
  });

  it('keeps the inbox once, with its newest number', () => {
    const item = { id: uuidOf(5), seq: 3, callId: CALL, type: 'missed', createdAt: iso(0), readAt: null } as const;
    const state = run(grace, welcome({ inbox: { seq: 3, items: [item] } }), { type: 'inbox', item });
    expect([...state.inbox.values()]).toEqual([item]);
    expect(state.inboxSeq).toBe(3);
    expect(run(state, { type: 'inbox_read', ids: [item.id], at: iso(1) }).inbox.get(item.id)?.readAt).toBe(iso(1));
  });

  it('keeps what was read as read, and asks again for what was not', () => {
    const item = (seq: number) =>
      ({ id: uuidOf(seq), seq, callId: CALL, type: 'missed', createdAt: iso(0), readAt: null }) as const;
    const state = run(grace, welcome({ inbox: { seq: 3, items: [item(1), item(2), item(3)] } }));
    expect(inboxToResume(state)).toBe(0);
    const some = run(state, { type: 'inbox_read', ids: [uuidOf(1), uuidOf(3)], at: iso(1) });
    expect(inboxToResume(some)).toBe(1);
    const again = run(some, welcome({ inbox: { seq: 3, items: [{ ...item(2), readAt: iso(2) }, item(3)] } }));
    expect([...again.inbox.values()].map(({ seq, readAt }) => [seq, readAt])).toEqual([
      [3, iso(1)],
      [2, iso(2)],
      [1, iso(1)],
    ]);
    expect(inboxToResume(again)).toBe(3);
  });
});

it('forgets everything when somebody else signs in', () => {
  const state = run(grace, ring, { type: 'identified', self: { user: ADA, ...ADA_AT } });
  expect(state).toMatchObject({ rings: [], self: { user: ADA } });
});
