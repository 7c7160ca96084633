import { describe, expect, test } from 'vitest';
import {
  type Call,
  type CallEvent,
  create,
  deadlineOf,
  dueEvent,
  type LiveCall,
  replay,
  transition,
} from '../src/index.ts';
import { ADA, created, GRACE, LINUS } from './arbitrary.ts';

const PHONE = { deviceId: 'phone', instanceId: 'tab-1' };
const LAPTOP = { deviceId: 'laptop', instanceId: 'tab-2' };

function after(first: Call, ...events: CallEvent[]): Call {
  return events.reduce<Call>((call, event) => {
    const next = transition(call, event, call.updatedAt + 1_000);
    if (next.kind !== 'accepted') throw new Error(`${event.type}: ${JSON.stringify(next)}`);
    return next.call;
  }, first);
}
const refusal = (call: Call, event: CallEvent) => {
  const next = transition(call, event, call.updatedAt + 1_000);
  return next.kind === 'refused' ? next.code : next.kind;
};
const ringing = (): LiveCall => create({ ...created(), seat: PHONE }, 0);
const waits = (waiting: boolean, userId = GRACE): CallEvent => ({
  type: 'waiting',
  data: { userIds: [userId], waiting },
});
const accept: CallEvent = {
  type: 'accepted',
  actorId: GRACE,
  seat: LAPTOP,
  data: { via: 'accept', audioOnly: false, connectTimeoutMs: 60_000 },
};
const hold = (onHold: boolean, actorId = GRACE): CallEvent => ({
  type: 'hold',
  actorId,
  data: onHold ? { onHold } : { onHold, connectTimeoutMs: 20_000 },
});
const TABLET = { deviceId: 'tablet', instanceId: 'tab-3' };
const move = (seat: typeof TABLET, actorId = GRACE): CallEvent => ({
  type: 'moved',
  actorId,
  seat,
  data: { connectTimeoutMs: 20_000 },
});
const connected = () =>
  after(
    ringing(),
    accept,
    { type: 'media_connected', actorId: ADA, deviceId: PHONE.deviceId },
    { type: 'media_connected', actorId: GRACE, deviceId: LAPTOP.deviceId },
  );

describe('waiting calls', () => {
  test('W1 a ring waits, and rings in earnest later', () => {
    const waiting = after(ringing(), waits(true));
    expect(waiting).toMatchObject({ status: 'ringing', participants: [{}, { state: 'ringing', waiting: true }] });
    expect(after(waiting, waits(false)).participants[1]).toMatchObject({ state: 'ringing', waiting: false });
    expect(refusal(waiting, waits(true))).toBe('unchanged');
    expect(refusal(ringing(), waits(true, LINUS))).toBe('not_ringing');
    expect(refusal(connected(), waits(true))).toBe('not_ringing');
  });

  test.each([
    ['O1 declined', { type: 'declined', actorId: GRACE }, 'rejected', 'declined'],
    ['O2 cancelled', { type: 'cancelled', actorId: ADA }, 'missed', 'cancelled'],
    ['O3 no answer', { type: 'timed_out' }, 'missed', 'no_answer'],
    ['O5 caller lost', { type: 'dropped', userId: ADA }, 'missed', 'dropped'],
  ] as const)('W1 it ends as any ring: %s', (_row, event, status, endReason) => {
    const end = (call: Call) => transition(call, event, 30_000);
    const [plain, waited] = [end(ringing()), end(after(ringing(), waits(true)))];
    if (plain.kind !== 'accepted' || waited.kind !== 'accepted') throw new Error('not ended');
    expect(waited.call).toMatchObject({ status, endReason });
    expect(waited.effects).toEqual(plain.effects);
    expect(waited.call.participants).toEqual(plain.call.participants);
  });

  test('W1 accepted, nothing of it is left', () => {
    expect(after(ringing(), waits(true), accept).participants[1]).toEqual(after(ringing(), accept).participants[1]);
  });

  test('W1 whoever is invited in another call is rung quietly', () => {
    const invited = after(connected(), {
      type: 'invited',
      actorId: ADA,
      data: { userIds: [LINUS], ringTimeoutMs: 30_000, waitingIds: [LINUS] },
    });
    expect(invited.participants[2]).toMatchObject({ userId: LINUS, state: 'ringing', waiting: true });
  });

  test('W4 a call on hold goes on, and its person comes back', () => {
    const held = after(connected(), hold(true));
    expect(held).toMatchObject({ status: 'connected', participants: [{ onHold: false }, { onHold: true }] });
    expect(refusal(held, hold(true))).toBe('unchanged');
    expect(after(held, hold(false)).participants[1]).toMatchObject({ state: 'joined', onHold: false });
    expect(held.membershipEpoch).toBe(connected().membershipEpoch);
    expect(after(held, { type: 'left', actorId: ADA, data: { reason: 'hangup' } })).toMatchObject({ status: 'ended' });
    expect(after(held, { type: 'dropped', userId: GRACE })).toMatchObject({ status: 'ended', endReason: 'dropped' });
  });

  test('W4 what rings, is not answered or belongs to others is not held', () => {
    expect(refusal(ringing(), hold(true, ADA))).toBe('not_accepted');
    expect(refusal(ringing(), hold(true))).toBe('not_accepted');
    expect(refusal(connected(), hold(true, LINUS))).toBe('not_in_call');
    expect(refusal(after(connected(), { type: 'ended', actorId: ADA }), hold(true))).toBe('call_ended');
  });

  test('W4a of two who have no media yet none is awaited while one is on hold', () => {
    const answered = after(ringing(), accept);
    const held = after(answered, hold(true), hold(true, ADA));
    expect(held).toMatchObject({ status: 'connecting', connectExpiresAt: null });
    expect(deadlineOf(held)).toBeNull();
    expect(dueEvent(held, Number.MAX_SAFE_INTEGER)).toBeNull();
    expect(refusal(held, { type: 'ended', actorId: null })).toBe('not_due');
    expect(after(held, hold(false, ADA))).toMatchObject({ connectExpiresAt: null });
    const back = after(held, hold(false, ADA), hold(false));
    expect(back).toMatchObject({ status: 'connecting', connectExpiresAt: back.updatedAt + 20_000 });
  });

  test('W4a who was on hold when the first report came connects the call with theirs', () => {
    const report = (actorId: string, deviceId: string): CallEvent => ({ type: 'media_connected', actorId, deviceId });
    const held = after(ringing(), accept, hold(true), report(ADA, PHONE.deviceId));
    expect(held).toMatchObject({ status: 'connecting', connectExpiresAt: null });
    expect(after(held, hold(false), report(GRACE, LAPTOP.deviceId))).toMatchObject({ status: 'connected' });
  });

  test('W4b a call goes on on another device of the person, with what they have said of themselves', () => {
    const muted: CallEvent = {
      type: 'media_state',
      actorId: GRACE,
      deviceId: LAPTOP.deviceId,
      data: { isMuted: true, videoEnabled: false },
    };
    const moved = after(connected(), muted, move(TABLET));
    expect(moved).toMatchObject({
      status: 'connected',
      membershipEpoch: connected().membershipEpoch + 1,
      participants: [{}, { state: 'joined', seat: TABLET, isMuted: true, onHold: false, mediaEpoch: null }],
    });
    expect(refusal(moved, move(TABLET))).toBe('unchanged');
    expect(refusal(moved, muted)).toBe('other_device');
    const report: CallEvent = { type: 'media_connected', actorId: GRACE, deviceId: TABLET.deviceId };
    expect(after(moved, report).participants[1]).toMatchObject({ mediaEpoch: 1 });
    expect(after(connected(), hold(true), move(TABLET)).participants[1]).toMatchObject({ onHold: false });
  });

  test('W4b another tab takes it too; what rings, is over or belongs to others is not taken', () => {
    const tab = { deviceId: LAPTOP.deviceId, instanceId: 'tab-9' };
    expect(after(connected(), move(tab)).participants[1]).toMatchObject({ seat: tab });
    expect(refusal(ringing(), move(TABLET, ADA))).toBe('not_accepted');
    expect(refusal(ringing(), move(TABLET))).toBe('not_accepted');
    expect(refusal(connected(), move(TABLET, LINUS))).toBe('not_in_call');
    expect(refusal(after(connected(), { type: 'ended', actorId: ADA }), move(TABLET))).toBe('call_ended');
  });

  test('W4b before media has come there is as long for it again', () => {
    const moved = after(ringing(), accept, hold(true), move(TABLET));
    expect(moved).toMatchObject({ status: 'connecting', connectExpiresAt: moved.updatedAt + 20_000 });
  });

  test('C6 the events give the rows again', () => {
    const events: CallEvent[] = [waits(true), waits(false), accept, hold(true), hold(false), move(TABLET)];
    const call = after(ringing(), ...events);
    expect(
      replay(
        { seq: 1, at: 0, event: { ...created(), seat: PHONE } },
        events.map((event, i) => ({ seq: i + 2, at: (i + 1) * 1_000, event })),
      ),
    ).toEqual(call);
  });
});
