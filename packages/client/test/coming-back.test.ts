import type { CallEventRecord, CallView } from '@parley/protocol';
import { ADA, ADA_AT, callView, contextFor, FakeEngine, GRACE, uuidOf } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientBench, SERVER_CAPABILITIES } from './client-bench.ts';

const CALL = uuidOf(0xc1);
let bench: ClientBench;
let version = 10;

/** Grace's group, in which Ada is seated or not. */
function group(own: 'joined' | 'connecting' | 'left' | 'ringing', muted = false): CallView {
  const view = callView({ status: 'connected', callType: 'audio', caller: GRACE, callee: ADA });
  version += 1;
  const participants = view.call.participants.map((person) =>
    person.userId === ADA.id ? { ...person, state: own, isMuted: muted } : person,
  );
  const seats = view.seats.filter(({ userId }) => userId !== ADA.id);
  const seated = own === 'joined' || own === 'connecting';
  return {
    ...view,
    call: { ...view.call, callType: 'group_audio', mediaEngine: 'livekit', version, participants },
    seats: seated ? [...seats, { userId: ADA.id, ...ADA_AT }] : seats,
  };
}

const event = (type: CallEventRecord['type'], actorId: string): CallEventRecord => ({
  seq: version,
  type,
  actorId,
  deviceId: null,
  at: bench.now(),
  data: { userId: ADA.id },
});
const say = (view: CallView, events: readonly CallEventRecord[] = []) =>
  bench.say({ t: 'call', view, events: [...events] });
const happened = (...events: readonly CallEventRecord[]) => {
  bench.answer = (method, path) =>
    method === 'GET' && path.startsWith(`/api/calls/${CALL}/events`)
      ? Response.json({ items: events, nextCursor: null })
      : undefined;
};
const accepts = () => bench.commands().filter((name) => name === 'accept').length;
const reports = () => bench.commands().filter((name) => name === 'media-connected').length;
const notices = () => bench.snapshot.notices.map(({ kind }) => kind);

beforeEach(async () => {
  bench = new ClientBench();
  await bench.signIn({ calls: [group('joined', true)] });
  const grace = new FakeEngine(bench.sfu, SERVER_CAPABILITIES);
  await grace.connect(contextFor(GRACE.id));
  await bench.clock.advance(2_000);
  await bench.ack('media-connected', group('joined', true));
  expect(bench.snapshot.active).toMatchObject({ callId: CALL, media: 'connected' });
});
afterEach(() => bench.client.dispose());

describe('a group in which the lease ran out', () => {
  it('is not come back to hours later, by a laptop that is opened: it says so instead', async () => {
    const long = new Date(Date.parse(bench.now()) - 2 * 3_600_000).toISOString();
    happened({ ...event('dropped', GRACE.id), at: long });
    await say(group('left', true));
    expect(accepts()).toBe(0);
    expect(bench.snapshot.active).toBeNull();
    expect(notices()).toEqual(['dropped']);
  });

  it('is come back to by itself, muted as before, on a new path that is reported', async () => {
    happened(event('dropped', GRACE.id));
    const before = reports();
    await say(group('left', true));
    expect(bench.snapshot.active).toMatchObject({ callId: CALL });
    expect(accepts()).toBe(1);
    await bench.ack('accept', group('connecting', true));
    await bench.clock.advance(2_000);
    expect(bench.snapshot.active).toMatchObject({ media: 'connected', self: { isMuted: true } });
    expect(bench.engines.map(({ state }) => state)).toEqual(['closed', 'connected']);
    expect(reports()).toBe(before + 1);
    expect(notices()).toEqual([]);
  });

  it('is not come back to by whoever was removed meanwhile, or left on another device', async () => {
    happened(event('accepted', ADA.id), event('removed', GRACE.id));
    await say(group('left'));
    expect([accepts(), bench.snapshot.active, notices()]).toEqual([0, null, ['removed']]);
  });

  it('is not come back to after a leave of one’s own', async () => {
    happened(event('dropped', ADA.id), event('accepted', ADA.id), event('left', ADA.id));
    await say(group('left'));
    expect([accepts(), bench.snapshot.active, notices()]).toEqual([0, null, []]);
  });

  it('is come back to though one was put out of the media room since: that is the server’s book-keeping', async () => {
    happened(event('dropped', ADA.id), event('media_reconciled', ADA.id));
    await say(group('left'));
    expect([accepts(), notices()]).toEqual([1, []]);
  });

  it('is not come back to after a tap on the red button', async () => {
    happened(event('dropped', ADA.id));
    bench.client.leave();
    await say(group('left'));
    expect([accepts(), bench.snapshot.active]).toEqual([0, null]);
  });

  it('says that it went on where nobody can tell why, or the server does not take one back', async () => {
    await say(group('left'));
    expect([accepts(), notices()]).toEqual([0, ['dropped']]);
    await say(group('joined'));
    happened(event('dropped', ADA.id));
    await say(group('left'));
    await bench.refuse('accept', 'removed_from_call');
    expect([accepts(), bench.snapshot.active, notices()]).toEqual([1, null, ['dropped', 'removed']]);
  });
});

it('hears of what was set right in the media room, and shows nothing of it', async () => {
  const shown = () => JSON.stringify(bench.snapshot, (key, value) => (key === 'version' ? undefined : value));
  const before = shown();
  await say(group('joined', true), [event('media_reconciled', ADA.id), event('media_reconciled', GRACE.id)]);
  expect(bench.snapshot.active?.view?.call.version).toBe(version);
  expect(shown()).toBe(before);
});

it('receives nothing of somebody who is rung and has gone into the room ahead', async () => {
  const admitted = () => bench.engine?.admitted;
  expect(admitted()).toEqual({ only: [GRACE.id] });
  const rung = group('joined');
  const linus = { ...rung.call.participants[0], userId: uuidOf(0xd), displayName: 'Linus', state: 'ringing' as const };
  const participants = [...rung.call.participants, linus] as typeof rung.call.participants;
  await say({ ...rung, call: { ...rung.call, participants } });
  expect(admitted()).toEqual({ only: [GRACE.id] });
  // Of a large call not all who sit in it are named.
  version += 1;
  await say({ ...rung, call: { ...rung.call, version, participants, counts: { total: 80, seated: 60 } } });
  expect(admitted()).toEqual({ except: [linus.userId] });
  version += 1;
  const seated = participants.map((person) => (person === linus ? { ...person, state: 'joined' as const } : person));
  await say({ ...rung, call: { ...rung.call, version, participants: seated } });
  expect(admitted()).toEqual({ only: [GRACE.id, linus.userId] });
});
