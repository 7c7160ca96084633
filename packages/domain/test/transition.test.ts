import { describe, expect, test } from 'vitest';
import { type Call, type CallEvent, checkRecipients, create, dueEvent, isLive, transition } from '../src/index.ts';
import { ADA, accept, created, GRACE, LAPTOP, LINUS, PHONE, seat } from './arbitrary.ts';

const T0 = 1_000_000;
const ringing = (): Call => create(created(), T0);
const step = (call: Call, event: CallEvent, now = T0 + 1_000): Call => {
  const result = transition(call, event, now);
  if (result.kind !== 'accepted') throw new Error(result.kind === 'refused' ? result.code : result.kind);
  return result.call;
};
const refusal = (call: Call, event: CallEvent, now = T0 + 1_000): string => {
  const result = transition(call, event, now);
  return result.kind === 'refused' ? result.code : result.kind;
};
const flowing = (actorId: string, deviceId: string): CallEvent => ({ type: 'media_connected', actorId, deviceId });
const connecting = () => step(ringing(), accept());
const connected = () => step(step(connecting(), flowing(GRACE, LAPTOP), T0 + 2_000), flowing(ADA, PHONE), T0 + 3_000);

describe('create', () => {
  test('C2 a new call rings, with the initiator seated and nobody joined', () => {
    expect(ringing()).toMatchObject({
      status: 'ringing',
      version: 1,
      ringExpiresAt: T0 + 30_000,
      participants: [
        { userId: ADA, state: 'connecting', seat: seat(PHONE), videoEnabled: true },
        { userId: GRACE, state: 'ringing', videoEnabled: false },
      ],
    });
  });

  test.each([
    ['audio', [], 'recipients_missing'],
    ['audio', [ADA], 'recipient_is_self'],
    ['video', [GRACE, LINUS], 'recipients_too_many'],
    ['group_video', [GRACE, GRACE], 'recipients_repeated'],
    ['group_audio', [], null],
    ['video', [GRACE], null],
  ] as const)('recipients of %s: %j gives %s', (type, recipients, problem) => {
    expect(checkRecipients(type, ADA, recipients)).toBe(problem);
  });
});

describe('accept', () => {
  test('E1 seats the recipient', () => {
    expect(connecting()).toMatchObject({
      status: 'connecting',
      membershipEpoch: 2,
      participants: [{}, { state: 'connecting', seat: seat(LAPTOP) }],
    });
  });
  test('E1 the same device again changes nothing', () => {
    expect(refusal(connecting(), accept())).toBe('unchanged');
  });
  test('E1 a second device is told that it was answered elsewhere', () => {
    expect(refusal(connecting(), accept(GRACE, PHONE))).toBe('answered_elsewhere');
    expect(refusal(connected(), accept(GRACE, PHONE))).toBe('answered_elsewhere');
  });
  test('E1 the initiator cannot accept', () => {
    expect(refusal(ringing(), accept(ADA))).toBe('own_call');
  });
  test('E1 nobody accepts at or after the deadline', () => {
    expect(refusal(ringing(), accept(), T0 + 30_000)).toBe('not_ringing');
  });
  test('E1 a stranger is not in the call', () => {
    expect(refusal(ringing(), accept(LINUS))).toBe('not_in_call');
  });
  test('E13 accepted with audio only, the camera is off', () => {
    const quiet: CallEvent = {
      type: 'accepted',
      actorId: GRACE,
      seat: seat(LAPTOP),
      data: { via: 'accept', audioOnly: true, connectTimeoutMs: 1 },
    };
    expect(step(ringing(), quiet).participants[1]).toMatchObject({ videoEnabled: false });
    expect(connecting().participants[1]).toMatchObject({ videoEnabled: true });
  });
});

describe('media', () => {
  test('E7 one side alone does not connect a call', () => {
    expect(step(connecting(), flowing(GRACE, LAPTOP)).status).toBe('connecting');
  });
  test('E7 connected from the second report on', () => {
    expect(connected()).toMatchObject({ status: 'connected', connectedAt: T0 + 3_000 });
  });
  test('E7 a device without the seat cannot report, nor anybody before the accept', () => {
    expect(refusal(connecting(), flowing(GRACE, PHONE))).toBe('other_device');
    expect(refusal(ringing(), flowing(ADA, PHONE))).toBe('not_accepted');
    expect(refusal(ringing(), flowing(GRACE, LAPTOP))).toBe('not_accepted');
  });
  test('E7 a repeated report changes nothing', () => {
    expect(refusal(connected(), flowing(ADA, PHONE))).toBe('unchanged');
  });
  test('E8 mute is the device’s own word', () => {
    const mute: CallEvent = {
      type: 'media_state',
      actorId: ADA,
      deviceId: PHONE,
      data: { isMuted: true, videoEnabled: true },
    };
    const muted = step(connected(), mute);
    expect(muted).toMatchObject({ status: 'connected', participants: [{ isMuted: true }, { isMuted: false }] });
    expect(refusal(muted, mute)).toBe('unchanged');
  });
});

describe('ends', () => {
  const by = {
    declined: { type: 'declined', actorId: GRACE },
    cancelled: { type: 'cancelled', actorId: ADA },
    timedOut: { type: 'timed_out' },
    busy: { type: 'busy', userId: GRACE },
    adaLeft: { type: 'left', actorId: ADA, data: { reason: 'hangup' } },
    graceLeft: { type: 'left', actorId: GRACE, data: { reason: 'hangup' } },
    graceFailed: { type: 'left', actorId: GRACE, data: { reason: 'media_failed' } },
    adaDropped: { type: 'dropped', userId: ADA },
    graceDropped: { type: 'dropped', userId: GRACE },
    adaEnded: { type: 'ended', actorId: ADA },
    graceEnded: { type: 'ended', actorId: GRACE },
    noMedia: { type: 'ended', actorId: null },
  } as const satisfies Record<string, CallEvent>;

  test.each([
    ['O1 declined', ringing, by.declined, 'rejected', 'declined', ['left', 'declined'], [[ADA, 'rejected']]],
    ['O2 cancelled', ringing, by.cancelled, 'missed', 'cancelled', ['left', 'missed'], [[GRACE, 'missed']]],
    ['O2 the caller leaves', ringing, by.adaLeft, 'missed', 'cancelled', ['left', 'missed'], [[GRACE, 'missed']]],
    ['O2 the caller ends', ringing, by.adaEnded, 'missed', 'cancelled', ['left', 'missed'], [[GRACE, 'missed']]],
    ['O3 no answer', ringing, by.timedOut, 'missed', 'no_answer', ['left', 'missed'], [[GRACE, 'missed']]],
    [
      'O4 busy',
      ringing,
      by.busy,
      'rejected',
      'busy',
      ['left', 'busy'],
      [
        [ADA, 'rejected'],
        [GRACE, 'missed'],
      ],
    ],
    ['O5 caller lost', ringing, by.adaDropped, 'missed', 'dropped', ['left', 'missed'], [[GRACE, 'missed']]],
    ['O6 hang-up while connecting', connecting, by.adaLeft, 'ended', 'hangup', ['left', 'left'], []],
    ['O6 hang-up', connected, by.graceLeft, 'ended', 'hangup', ['left', 'left'], []],
    ['O6 the recipient ends', connected, by.graceEnded, 'ended', 'hangup', ['left', 'left'], []],
    ['O7 lease lost', connected, by.graceDropped, 'ended', 'dropped', ['left', 'left'], []],
    ['O8 media failed', connecting, by.graceFailed, 'ended', 'media_failed', ['left', 'left'], []],
    ['O8 no media in time', connecting, by.noMedia, 'ended', 'media_failed', ['left', 'left'], []],
    ['O9 ended by the host', connected, by.adaEnded, 'ended', 'ended_by_host', ['left', 'left'], []],
  ] as const)('%s', (_title, from, event, status, endReason, states, notified) => {
    const before = from();
    const result = transition(before, event, T0 + 90_000);
    if (result.kind !== 'accepted') throw new Error(JSON.stringify(result));
    expect(result.call).toMatchObject({ status, endReason, endedAt: T0 + 90_000 });
    expect(result.call.participants.map((p) => p.state)).toEqual(states);
    expect(result.effects.map((e) => (e.type === 'notify' ? [e.userId, e.notification] : e))).toEqual(notified);
  });

  test('E3 E4 E5 E9 who may not, and when not', () => {
    expect(refusal(ringing(), { type: 'declined', actorId: ADA })).toBe('own_call');
    expect(refusal(connecting(), by.declined)).toBe('answered_elsewhere');
    expect(refusal(ringing(), { type: 'cancelled', actorId: GRACE })).toBe('not_initiator');
    expect(refusal(connecting(), by.cancelled)).toBe('not_ringing');
    expect(refusal(ringing(), by.timedOut)).toBe('not_due');
    expect(refusal(connecting(), by.timedOut, T0 + 99_000)).toBe('not_ringing');
    expect(refusal(ringing(), by.graceLeft)).toBe('not_accepted');
    expect(refusal(ringing(), by.graceDropped)).toBe('not_accepted');
    expect(refusal(connecting(), by.noMedia)).toBe('not_due');
    expect(refusal(connected(), { type: 'left', actorId: LINUS, data: { reason: 'hangup' } })).toBe('not_in_call');
  });

  test('C1 after the end everything is refused with call_ended', () => {
    const over = step(connected(), by.adaLeft);
    for (const event of [...Object.values(by), accept(), flowing(ADA, PHONE)]) {
      expect(refusal(over, event)).toBe('call_ended');
    }
  });

  test('E5 E12 a passed deadline makes its event, and nothing else does', () => {
    expect(dueEvent(ringing(), T0 + 29_999)).toBeNull();
    expect(dueEvent(ringing(), T0 + 30_000)).toEqual(by.timedOut);
    expect(dueEvent(connecting(), T0 + 60_999)).toBeNull();
    expect(dueEvent(connecting(), T0 + 61_000)).toEqual(by.noMedia);
    expect(dueEvent(connected(), T0 + 10 ** 9)).toBeNull();
    expect(isLive(connected())).toBe(true);
  });
});
