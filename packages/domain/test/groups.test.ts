import { describe, expect, test } from 'vitest';
import {
  type Call,
  type CallEvent,
  create,
  dueEvent,
  endWay,
  type FinishedCall,
  isLive,
  summaryHeading,
  transition,
} from '../src/index.ts';
import { ADA, created, GRACE, LAPTOP, LINUS, PHONE, seat } from './arbitrary.ts';

const T0 = 1_000_000;
const group = (recipientIds: string[] = [GRACE, LINUS]) =>
  create(created({ callType: 'group_audio', recipientIds, engine: 'livekit' }), T0);
const step = (call: Call, event: CallEvent, now = T0 + 1_000): Call => {
  const result = transition(call, event, now);
  if (result.kind !== 'accepted') throw new Error(result.kind === 'refused' ? result.code : result.kind);
  return result.call;
};
const answer = (call: Call, event: CallEvent, now = T0 + 1_000): string => {
  const result = transition(call, event, now);
  return result.kind === 'refused' ? result.code : result.kind;
};
const told = (call: Call, event: CallEvent, now = T0 + 1_000) => {
  const result = transition(call, event, now);
  return result.kind === 'accepted' ? result.effects : [];
};
const accept = (actorId: string, deviceId: string = LAPTOP, more = {}): CallEvent => ({
  type: 'accepted',
  actorId,
  seat: seat(deviceId),
  data: { via: 'accept', audioOnly: false, connectTimeoutMs: 60_000, mediaServer: true, ...more },
});
const left = (actorId: string): CallEvent => ({ type: 'left', actorId, data: { reason: 'hangup' } });
const flows = (actorId: string, deviceId: string): CallEvent => ({ type: 'media_connected', actorId, deviceId });
const statesOf = (call: Call) => call.participants.map(({ state }) => state);

describe('partial answers of a group', () => {
  const declined = (actorId: string): CallEvent => ({ type: 'declined', actorId });
  const late: CallEvent = { type: 'timed_out' };

  // What each does, and what the call comes to.
  test.each([
    ['G2 all decline', [declined(GRACE), declined(LINUS)], ['rejected', 'declined'], ['left', 'declined', 'declined']],
    [
      'G2 one declines, one does not answer',
      [declined(GRACE), late],
      ['missed', 'no_answer'],
      ['left', 'declined', 'missed'],
    ],
    ['G2 nobody answers', [late], ['missed', 'no_answer'], ['left', 'missed', 'missed']],
    [
      'O9a cancelled after one declined',
      [declined(GRACE), { type: 'cancelled', actorId: ADA }],
      ['missed', 'cancelled'],
      ['left', 'declined', 'missed'],
    ],
    [
      'G5 accepted, then both go',
      [accept(GRACE), left(ADA), left(GRACE)],
      ['ended', 'hangup'],
      ['left', 'left', 'missed'],
    ],
    [
      'G6 ended by the host',
      [accept(GRACE), { type: 'ended', actorId: ADA }],
      ['ended', 'ended_by_host'],
      ['left', 'left', 'missed'],
    ],
    [
      'G5 the last lease runs out',
      [accept(GRACE), left(GRACE), { type: 'dropped', userId: ADA }],
      ['ended', 'dropped'],
      ['left', 'left', 'missed'],
    ],
    [
      'E12 no media came',
      [accept(GRACE), late, { type: 'ended', actorId: null }],
      ['ended', 'media_failed'],
      ['left', 'left', 'missed'],
    ],
  ] as const)('%s', (_title, events: readonly CallEvent[], end, states) => {
    let call: Call = group();
    for (const event of events) {
      call = step(
        call,
        event,
        event.type === 'timed_out'
          ? T0 + 30_000
          : event.type === 'ended' && event.actorId === null
            ? T0 + 90_000
            : T0 + 1_000,
      );
    }
    if (isLive(call)) throw new Error('it goes on');
    expect([call.status, call.endReason]).toEqual(end);
    expect(statesOf(call)).toEqual(states);
  });

  test('O9a each is told once, and of what happened to them', () => {
    expect(told(group(), late, T0 + 30_000)).toEqual(
      [GRACE, LINUS].map((userId) => ({ type: 'notify', userId, notification: 'missed' })),
    );
    const one = step(group(), declined(GRACE));
    expect(told(one, declined(LINUS))).toEqual([{ type: 'notify', userId: ADA, notification: 'rejected' }]);
    expect(told(one, late, T0 + 30_000)).toEqual([{ type: 'notify', userId: LINUS, notification: 'missed' }]);
    const runs = step(one, accept(LINUS));
    expect(told(runs, { type: 'ended', actorId: ADA })).toEqual([]);
  });

  test('O9a what a group was for each', () => {
    const went = [accept(GRACE), left(GRACE), left(ADA)].reduce<Call>((call, event) => step(call, event), group());
    expect([ADA, GRACE, LINUS].map((id) => summaryHeading(went as FinishedCall, id))).toEqual([
      'call_ended',
      'call_ended',
      'call_missed',
    ]);
    expect(endWay(went as FinishedCall)).toBe('hangup');
  });
});

describe('rings of their own', () => {
  test('G4 somebody who is asked later has their own time', () => {
    let call = step(step(group([GRACE]), accept(GRACE)), flows(ADA, PHONE));
    call = step(
      call,
      { type: 'invited', actorId: GRACE, data: { userIds: [LINUS], ringTimeoutMs: 30_000 } },
      T0 + 60_000,
    );
    expect(dueEvent(call, T0 + 89_999)).toBeNull();
    expect(dueEvent(call, T0 + 90_000)).toEqual({ type: 'timed_out' });
    call = step(call, { type: 'timed_out' }, T0 + 90_000);
    expect([call.status, statesOf(call)]).toEqual(['connected', ['joined', 'connecting', 'missed']]);
    expect(answer(call, { type: 'invited', actorId: GRACE, data: { userIds: [ADA], ringTimeoutMs: 1 } })).toBe(
      'unchanged',
    );
  });
});

describe('guests', () => {
  test('G1 G9 host passes to members alone', () => {
    let call: Call = group([]);
    call = step(call, { type: 'admitted', actorId: ADA, data: { userId: GRACE, isGuest: true } });
    call = step(call, accept(GRACE));
    call = step(call, left(ADA));
    expect(call.hostId).toBeNull();
    expect(answer(call, { type: 'admitted', actorId: GRACE, data: { userId: LINUS, isGuest: true } })).toBe(
      'not_allowed',
    );
    expect(answer(call, { type: 'ended', actorId: GRACE })).toBe('not_allowed');
    call = step(call, accept(LINUS, PHONE, { joins: true }));
    expect(call.hostId).toBe(LINUS);
  });
});

describe('the media of a group', () => {
  const server = (reason: 'server_ready' | 'server_gone', epoch: number): CallEvent => ({
    type: 'media_plan',
    actorId: null,
    deviceId: null,
    data: { reason, epoch },
  });
  const mesh = () => create(created({ callType: 'group_audio', recipientIds: [GRACE, LINUS], engine: 'p2p' }), T0);

  test('G10a moves to a media server that has come, also while it rings, and to a mesh from one that is gone', () => {
    const moved = step(mesh(), server('server_ready', 1));
    expect([moved.status, moved.media]).toEqual(['ringing', { engine: 'livekit', epoch: 2 }]);
    const talks = step(step(moved, accept(GRACE)), flows(GRACE, LAPTOP));
    const back = step(talks, server('server_gone', 2));
    expect([back.status, back.media]).toEqual(['connected', { engine: 'p2p', epoch: 3 }]);
    expect(statesOf(back)).toEqual(statesOf(talks));
  });

  test.each([
    ['what is so already', mesh(), server('server_gone', 1), 'unchanged'],
    ['an older plan', step(mesh(), server('server_ready', 1)), server('server_gone', 1), 'unchanged'],
    ['a plan that there is not', mesh(), server('server_ready', 2), 'not_due'],
    [
      'a call of two',
      create(created({ callType: 'audio', recipientIds: [GRACE] }), T0),
      server('server_ready', 1),
      'not_allowed',
    ],
  ])('G10a does nothing for %s', (_, call, event, answered) => {
    expect(answer(call, event)).toBe(answered);
  });

  test('G10a leaves a group that is too large for a mesh where it is', () => {
    let call: Call = group([]);
    for (const [i, device] of [LAPTOP, PHONE, LAPTOP, PHONE].entries()) {
      call = step(call, accept(`person-${i}`, device, { joins: true }));
    }
    expect(answer(call, server('server_gone', 1))).toBe('call_full');
    expect(answer(step(call, left('person-0')), server('server_gone', 1))).toBe('accepted');
  });
});
