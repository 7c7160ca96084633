import * as fc from 'fast-check';
import { type Call, type CallEvent, type CreatedEvent, create, type Recorded, transition } from '../src/index.ts';

export const ADA = '00000000-0000-4000-8000-00000000000a';
export const GRACE = '00000000-0000-4000-8000-00000000000b';
export const LINUS = '00000000-0000-4000-8000-00000000000c';
const KEN = '00000000-0000-4000-8000-00000000000e';
const DEVICES = ['00000000-0000-4000-8000-0000000000d1', '00000000-0000-4000-8000-0000000000d2'] as const;
export const [PHONE, LAPTOP] = DEVICES;

export const seat = (deviceId: string = PHONE) => ({ deviceId, instanceId: deviceId });

export const created = (over: Partial<CreatedEvent['data']> = {}): CreatedEvent => ({
  type: 'created',
  actorId: ADA,
  seat: seat(),
  data: {
    id: '00000000-0000-4000-8000-00000000ca11',
    teamId: '00000000-0000-4000-8000-0000000000ee',
    channelId: null,
    callType: 'video',
    recipientIds: [GRACE],
    ringTimeoutMs: 30_000,
    engine: 'p2p',
    ...over,
  },
});

export const accept = (actorId = GRACE, deviceId: string = LAPTOP): CallEvent => ({
  type: 'accepted',
  actorId,
  seat: seat(deviceId),
  data: { via: 'accept', audioOnly: false, connectTimeoutMs: 60_000 },
});

const person = fc.constantFrom(ADA, GRACE, LINUS, KEN);
const device = fc.constantFrom(...DEVICES);

/** Any event by anybody, sensible or not. */
const anyEvent: fc.Arbitrary<CallEvent> = fc.oneof(
  fc.record({
    type: fc.constant('accepted' as const),
    actorId: person,
    seat: device.map(seat),
    data: fc.record({
      via: fc.constantFrom('accept' as const, 'glare' as const),
      audioOnly: fc.boolean(),
      connectTimeoutMs: fc.constant(60_000),
      mediaServer: fc.boolean(),
      joins: fc.boolean(),
    }),
  }),
  fc.record({ type: fc.constant('declined' as const), actorId: person }),
  fc.record({ type: fc.constant('cancelled' as const), actorId: person }),
  fc.constant({ type: 'timed_out' as const }),
  fc.record({ type: fc.constant('busy' as const), userId: person }),
  fc.record({ type: fc.constant('media_connected' as const), actorId: person, deviceId: device }),
  fc.record({
    type: fc.constant('media_state' as const),
    actorId: person,
    deviceId: device,
    data: fc.record({ isMuted: fc.boolean(), videoEnabled: fc.boolean() }),
  }),
  fc.record({
    type: fc.constant('left' as const),
    actorId: person,
    data: fc.record({ reason: fc.constantFrom('hangup' as const, 'media_failed' as const) }),
  }),
  fc.record({ type: fc.constant('dropped' as const), userId: person }),
  fc.record({ type: fc.constant('ended' as const), actorId: fc.option(person, { nil: null }) }),
  fc.record({
    type: fc.constant('invited' as const),
    actorId: person,
    data: fc.record({
      userIds: fc.array(person, { maxLength: 3 }),
      ringTimeoutMs: fc.constant(30_000),
      waitingIds: fc.array(person, { maxLength: 1 }),
    }),
  }),
  fc.record({
    type: fc.constant('admitted' as const),
    actorId: person,
    data: fc.record({ userId: person, isGuest: fc.boolean() }),
  }),
  fc.record({
    type: fc.constantFrom('removed' as const, 'muted' as const, 'host' as const),
    actorId: person,
    data: fc.record({ userId: person }),
  }),
  fc.record({ type: fc.constant('locked' as const), actorId: person, data: fc.record({ locked: fc.boolean() }) }),
  fc.record({
    type: fc.constant('hold' as const),
    actorId: person,
    data: fc.constantFrom({ onHold: true as const }, { onHold: false as const, connectTimeoutMs: 20_000 }),
  }),
  fc.record({
    type: fc.constant('moved' as const),
    actorId: person,
    seat: device.map((deviceId) => ({ deviceId, instanceId: `${deviceId}-tab` })),
    data: fc.constant({ connectTimeoutMs: 20_000 }),
  }),
  fc.record({
    type: fc.constant('waiting' as const),
    data: fc.record({ userIds: fc.array(person, { minLength: 1, maxLength: 2 }), waiting: fc.boolean() }),
  }),
  fc.record({ type: fc.constant('hand' as const), actorId: person, data: fc.record({ raised: fc.boolean() }) }),
  fc.record({
    type: fc.constant('media_plan' as const),
    actorId: person,
    deviceId: device,
    data: fc.record({ reason: fc.constant('no_direct_path' as const), epoch: fc.integer({ min: 1, max: 3 }) }),
  }),
  fc.record({
    type: fc.constant('media_plan' as const),
    actorId: fc.constant(null),
    deviceId: fc.constant(null),
    data: fc.record({
      reason: fc.constantFrom('server_ready' as const, 'server_gone' as const),
      epoch: fc.integer({ min: 1, max: 3 }),
    }),
  }),
  fc.record({
    type: fc.constant('media_reconciled' as const),
    data: fc.record({
      userId: fc.option(person, { nil: null }),
      deviceId: fc.option(device, { nil: null }),
      difference: fc.constantFrom(
        'not_in_call' as const,
        'no_seat' as const,
        'other_device' as const,
        'rights' as const,
      ),
      action: fc.constantFrom('removed' as const, 'granted' as const),
    }),
  }),
);

/** Steps of time: forwards, none, and now and then backwards. */
const step = fc.integer({ min: -2_000, max: 40_000 });

const steps = fc.array(fc.record({ event: anyEvent, after: step }), { maxLength: 40 });

export interface Schedule {
  readonly first: CreatedEvent;
  readonly steps: readonly { event: CallEvent; after: number }[];
}

/** A call of two, a group that rings, and one that rings nobody. */
const anyFirst: fc.Arbitrary<CreatedEvent> = fc.constantFrom(
  created(),
  created({ callType: 'group_video', recipientIds: [GRACE, LINUS], engine: 'livekit' }),
  created({ callType: 'group_audio', recipientIds: [] }),
);
export const anySchedule: fc.Arbitrary<Schedule> = fc.record({ first: anyFirst, steps });

export interface Run {
  readonly first: Recorded<CreatedEvent>;
  readonly accepted: readonly Recorded<CallEvent>[];
  readonly states: readonly Call[];
}

/** Plays a schedule and keeps what was accepted. `onStep` sees each pair of states. */
export function play(
  schedule: Schedule,
  onStep: (before: Call, event: CallEvent, now: number, after: Call) => void = () => {},
): Run {
  let now = 1_000_000;
  const first = { seq: 1, at: now, event: schedule.first };
  let call: Call = create(first.event, now);
  const accepted: Recorded<CallEvent>[] = [];
  const states: Call[] = [call];
  for (const { event, after } of schedule.steps) {
    now += after;
    const result = transition(call, event, now);
    const next: Call = result.kind === 'refused' ? call : result.call;
    onStep(call, event, now, next);
    if (result.kind === 'accepted') accepted.push({ seq: next.version, at: now, event });
    call = next;
    states.push(call);
  }
  return { first, accepted, states };
}
