import type { CallView } from '@parley/protocol';
import { ADA, ADA_AT, callView, GRACE, ringOf, uuidOf } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { ClientBench, THIRD } from './client-bench.ts';

const CALL = uuidOf(0xc1);

/** A call of many, as Ada's device has it. */
function large(version: number, change: Partial<CallView['call']['participants'][number]> = {}): CallView {
  const view = callView({ id: CALL, status: 'connected', version, caller: GRACE, callee: THIRD });
  const [grace, third] = view.call.participants;
  if (!grace || !third) throw new Error('two people were expected');
  const own = { ...third, userId: ADA.id, displayName: ADA.displayName, state: 'joined' as const, ...change };
  return {
    ...view,
    call: {
      ...view.call,
      callType: 'group_audio',
      mediaEngine: 'livekit',
      participants: [grace, third, own],
      counts: { total: 900, seated: 900 },
    },
    seats: [...view.seats, { userId: ADA.id, ...ADA_AT }],
  };
}

/** Nothing of anybody is different, but how many there are. */
const delta = (from: number, version: number) => {
  const { call, ...rest } = large(version);
  const view = { ...rest, call: { ...call, participants: [], counts: { total: 901, seated: 901 } }, seats: [] };
  return { t: 'call_delta' as const, from, view, gone: [] };
};

describe('a call of many', () => {
  it('P98 takes what is different into the view that it has', async () => {
    const bench = new ClientBench();
    await bench.signIn({ calls: [large(4)] });
    await bench.say(delta(4, 6));
    const { view } = bench.snapshot.active ?? {};
    expect(view?.call).toMatchObject({ version: 6, counts: { total: 901, seated: 901 } });
    expect(view?.call.participants).toHaveLength(3);
    expect(bench.sent('resume')).toEqual([]);
  });

  it('P98 asks for the whole where it has not heard what came before', async () => {
    const bench = new ClientBench();
    await bench.signIn({ calls: [large(4)] });
    await bench.say(delta(5, 6));
    expect(bench.sent('resume')).toMatchObject([{ callId: CALL, after: 4 }]);
    expect(bench.snapshot.active?.view?.call.version).toBe(4);
    await bench.say({ t: 'call', view: large(6), events: [] });
    expect(bench.snapshot.active?.view?.call.version).toBe(6);
  });

  it('P98 hears that a host has muted one', async () => {
    const bench = new ClientBench();
    await bench.signIn({ calls: [large(4)] });
    const [person] = large(6, { isMuted: true }).call.participants.filter(({ userId }) => userId === ADA.id);
    if (!person) throw new Error('Ada was expected');
    const at = large(6).call.createdAt;
    const muted = { seq: 6, type: 'muted', actorId: GRACE.id, deviceId: null, at, data: { userId: ADA.id } };
    await bench.say({
      ...delta(4, 6),
      own: { person, seat: { userId: ADA.id, ...ADA_AT }, events: [muted] },
    });
    expect(bench.snapshot.notices).toMatchObject([{ kind: 'muted' }]);
  });

  it('P98 passes over what is old, and what is about a call that it does not know', async () => {
    const bench = new ClientBench();
    await bench.signIn({ calls: [large(7)] });
    await bench.say(delta(4, 6));
    expect(bench.snapshot.active?.view?.call.version).toBe(7);
    const other = delta(1, 2);
    await bench.say({ ...other, view: { ...other.view, call: { ...other.view.call, id: uuidOf(0xc2) } } });
    expect(bench.sent('resume')).toEqual([]);
  });

  it('P98 asks for the whole of a call that rings here, and hears that it was answered elsewhere', async () => {
    const bench = new ClientBench();
    await bench.signIn();
    await bench.say({ t: 'ring', ring: ringOf(large(5), GRACE) });
    await bench.say(delta(4, 6));
    expect(bench.sent('resume')).toMatchObject([{ callId: CALL, after: 4 }]);
    const elsewhere = { userId: ADA.id, deviceId: uuidOf(0xd7), instanceId: uuidOf(0xd8) };
    const view = large(6);
    const seats = [...view.seats.filter(({ userId }) => userId !== ADA.id), elsewhere];
    await bench.say({ t: 'call', view: { ...view, seats }, events: [] });
    expect(bench.snapshot.incoming).toEqual([]);
    expect(bench.snapshot.notices).toMatchObject([{ kind: 'answered_elsewhere' }]);
  });
});
