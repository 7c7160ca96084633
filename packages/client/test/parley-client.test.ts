import { type CallView, CLOSE, problem } from '@parley/protocol';
import { ADA, ADA_AT, callView, GRACE, GRACE_AT, MemoryStore, ringOf, TEAM, uuidOf } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientBench, THIRD } from './client-bench.ts';

const CALL = uuidOf(0xc1);
let bench: ClientBench;

beforeEach(() => {
  bench = new ClientBench();
});
afterEach(() => bench.client.dispose());

const advance = (ms = 0) => bench.clock.advance(ms);
const start = async (callType: 'audio' | 'video' = 'video') => {
  bench.client.startCall({ teamId: TEAM.id, channelId: null, callType, userId: GRACE.id });
  await advance();
};
/** Ada calls, Grace accepts, media flows. */
const inCall = async () => {
  await bench.signIn();
  await start();
  await bench.ack('create', callView());
  await bench.say({ t: 'call', view: callView({ status: 'connecting' }), events: [] });
  await bench.say({ t: 'call', view: callView({ status: 'connected' }), events: [] });
};
const other = async () => {
  const { FakeEngine, contextFor } = await import('@parley/testing');
  const engine = new FakeEngine(bench.room);
  await engine.connect(contextFor(GRACE.id));
  await advance();
  return engine;
};

describe('session', () => {
  it('is signed out without one, and connects when somebody signs in', async () => {
    await advance();
    expect(bench.snapshot).toMatchObject({ session: 'signed_out', connection: 'offline', me: null });
    await bench.signIn();
    expect(bench.snapshot).toMatchObject({ session: 'signed_in', connection: 'online', me: bench.user });
    expect(bench.sent('hello')[0]).toMatchObject({ token: 'access-1', ...ADA_AT, resume: { calls: {}, inbox: 0 } });
  });

  it('is kept over a restart', async () => {
    await bench.signIn();
    const again = new ClientBench(bench.user, ADA_AT, new MemoryStore(bench.storage.values));
    await again.letIn(1);
    expect(again.snapshot).toMatchObject({ session: 'signed_in', connection: 'online' });
    again.client.dispose();
  });

  it('P6 tells the open socket of a new token before the old one runs out', async () => {
    bench.tokenLifeMs = 300_000;
    await bench.signIn();
    for (let n = 0; n < 23; n++) {
      await bench.say({ t: 'ping', n, at: bench.now() });
      await advance(10_000);
    }
    expect(bench.sent('token')).toEqual([]);
    await bench.clock.until(() => bench.sent('token').length > 0, 'the new token', 60_000);
    expect(bench.sent('token')[0]).toEqual({ t: 'token', token: `access-${bench.tokens}` });
    expect(bench.sockets.all).toHaveLength(1);
  });

  it('4001 is answered with a new token once, and ends the session the second time', async () => {
    await bench.signIn();
    bench.socket.break(CLOSE.unauthenticated);
    await bench.clock.until(() => bench.sockets.all.length === 2, 'a second connection');
    bench.socket.open();
    await advance();
    expect(bench.sent('hello').at(-1)?.token).toBe('access-2');
    bench.socket.break(CLOSE.unauthenticated);
    await advance();
    expect(bench.snapshot).toMatchObject({ session: 'signed_out', me: null });
  });

  it('4001 does not end the session while the server cannot be reached', async () => {
    await bench.signIn();
    bench.reachable = false;
    bench.socket.break(CLOSE.unauthenticated);
    await advance(1_000);
    expect(bench.snapshot.session).toBe('signed_in');
    bench.reachable = true;
    await bench.letIn(2);
    expect(bench.snapshot.connection).toBe('online');
  });

  it('P5 stays away after it was replaced, and says so', async () => {
    await bench.signIn();
    bench.socket.break(CLOSE.replaced);
    await advance(60_000);
    expect(bench.snapshot).toMatchObject({ stopped: 'replaced', connection: 'offline' });
    expect(bench.sockets.all).toHaveLength(1);
  });

  it('lets a socket go with the person, and a call too', async () => {
    await inCall();
    const leaving = bench.client.signOut();
    await advance(2_000);
    await leaving;
    expect(bench.snapshot).toMatchObject({ session: 'signed_out', active: null, summaries: [], connection: 'offline' });
    expect(bench.engine?.state).toBe('closed');
  });
});

describe('another tab signs out', () => {
  const signOutElsewhere = async () => {
    await bench.storage.tab().remove('parley.session');
    await advance();
    expect(bench.snapshot).toMatchObject({ session: 'signed_out', active: null, connection: 'offline' });
  };
  const leaves = () => bench.sent('command').filter(({ name }) => name === 'leave');

  it('and the other side hears at once that the call of this one is over', async () => {
    await inCall();
    await signOutElsewhere();
    expect(leaves()).toMatchObject([{ callId: CALL, body: { reason: 'hangup' } }]);
    expect(bench.capture.live('microphone')).toEqual([]);
  });

  it('and nothing is said of a call in which this one has no seat', async () => {
    await bench.signIn();
    await bench.say({
      t: 'ring',
      ring: ringOf(callView({ caller: GRACE, callee: bench.user, callerAt: GRACE_AT }), GRACE),
    });
    bench.client.accept(CALL);
    await signOutElsewhere();
    expect(leaves()).toEqual([]);
  });

  it('and it is said once when this one signs out by itself', async () => {
    await inCall();
    const leaving = bench.client.signOut();
    await advance(2_000);
    await leaving;
    expect(leaves()).toHaveLength(1);
  });
});

describe('calling', () => {
  it('is on the screen at the tap, with the own picture, before the server has answered', async () => {
    await bench.signIn();
    await start();
    expect(bench.snapshot.active).toMatchObject({ callId: null, phase: 'ringing', isInitiator: true, media: 'idle' });
    expect(bench.snapshot.active?.self.stream).not.toBeNull();
    expect(bench.command('create').body).toEqual({
      teamId: TEAM.id,
      channelId: null,
      callType: 'video',
      recipientIds: [GRACE.id],
    });
  });

  it('sends no media before the other side has accepted', async () => {
    await bench.signIn();
    await start();
    await bench.ack('create', callView());
    expect(bench.engines).toEqual([]);
  });

  it('connects with the credentials of the server, and reports once that media flows', async () => {
    await inCall();
    const engine = await other();
    expect(bench.engine?.context?.credentials.iceServers).toEqual([{ urls: ['stun:stun.parley.test'] }]);
    expect(bench.signallings[0]?.peers()).toEqual([
      { userId: GRACE.id, instanceId: GRACE_AT.instanceId, polite: false },
    ]);
    expect([...(bench.engine?.attached.keys() ?? [])]).toEqual(['microphone', 'camera']);
    expect(bench.commands().filter((name) => name === 'media-connected')).toHaveLength(1);
    expect(bench.snapshot.active).toMatchObject({ phase: 'connected', media: 'connected', protection: 'end_to_end' });
    await engine.close();
  });

  it('reports again what was refused when the accept has come before the refusal', async () => {
    await inCall();
    const engine = await other();
    const reports = () => bench.commands().filter((name) => name === 'media-connected').length;
    const { view } = bench.snapshot.active ?? {};
    if (!view) throw new Error('no call');
    const participants = view.call.participants.map((person) =>
      person.userId === ADA.id ? { ...person, state: 'connecting' as const } : person,
    );
    const later = { ...view, call: { ...view.call, version: view.call.version + 1, participants } };
    await bench.say({ t: 'call', view: later, events: [] });
    expect(reports()).toBe(1);
    await bench.refuse('media-connected', 'not_accepted');
    expect(reports()).toBe(2);
    // Refused by what is known already: the next change is waited for.
    await bench.refuse('media-connected', 'not_accepted');
    expect(reports()).toBe(2);
    await engine.close();
  });

  it('takes back what it rings at when the page is left, and gives up no call that was answered', async () => {
    const cancels = () => bench.requests.filter(({ path }) => path === `/api/calls/${CALL}/cancel`);
    await bench.signIn();
    await start();
    await bench.ack('create', callView());
    bench.left();
    await advance();
    expect(cancels()).toMatchObject([{ method: 'POST', keepalive: true }]);
    expect(cancels()[0]?.headers.get('idempotency-key')).toMatch(/^[0-9a-f-]{36}$/);
    await bench.say({ t: 'call', view: callView({ status: 'connecting' }), events: [] });
    bench.left();
    await advance();
    expect(cancels()).toHaveLength(1);
  });

  it('cancels what it has called before the server has answered', async () => {
    await bench.signIn();
    await start();
    bench.client.cancel();
    expect(bench.snapshot.active).toBeNull();
    await bench.ack('create', callView());
    expect(bench.command('cancel').callId).toBe(CALL);
    expect(bench.snapshot.active).toBeNull();
    expect(bench.capture.live('microphone')).toEqual([]);
  });

  it('keeps the call when the same person is called again before the first answer', async () => {
    await bench.signIn();
    await start();
    const first = bench.command('create');
    bench.client.cancel();
    await start();
    await bench.say({ t: 'ack', id: first.id, status: 201, view: callView() });
    await bench.ack('create', callView());
    expect(bench.snapshot.active).toMatchObject({ callId: CALL, phase: 'ringing' });
    expect(bench.commands()).toEqual(['create', 'create']);
  });

  describe('called again right after the hang-up', () => {
    const taps = () => bench.commands().filter((name) => name === 'create' || name === 'leave');

    it('goes out once the server has heard of the hang-up: the old call would be found otherwise, and end under it', async () => {
      await inCall();
      bench.client.leave();
      await start();
      expect(bench.snapshot.active).toMatchObject({ phase: 'ringing', callId: null });
      expect(taps()).toEqual(['create', 'leave']);
      await bench.ack('leave', callView({ status: 'ended' }));
      expect(taps()).toEqual(['create', 'leave', 'create']);
    });

    it('waits for nothing where somebody else is called', async () => {
      await inCall();
      bench.client.leave();
      bench.client.startCall({ teamId: TEAM.id, channelId: null, callType: 'audio', userId: THIRD.id });
      await advance();
      expect(taps()).toEqual(['create', 'leave', 'create']);
    });

    it('is given up with the wish for it', async () => {
      await inCall();
      bench.client.leave();
      await start();
      bench.client.cancel();
      await bench.ack('leave', callView({ status: 'ended' }));
      await advance(1_000);
      expect(taps()).toEqual(['create', 'leave']);
      expect(bench.snapshot).toMatchObject({ active: null, notices: [] });
      // Nothing is left that would hang up what comes of the same person later.
      await bench.say({ t: 'call', view: callView({ id: uuidOf(0xc7), status: 'connected' }), events: [] });
      expect(taps()).toEqual(['create', 'leave']);
    });

    it('does not wait for the end of a group in which the person sat too', async () => {
      await bench.signIn();
      bench.client.joinCall(CALL, { teamId: TEAM.id, channelId: null, kind: 'audio', muted: false, camera: false });
      await advance();
      const view = callView({ status: 'connected' });
      await bench.ack('accept', { ...view, call: { ...view.call, callType: 'group_audio' } });
      bench.client.leave();
      await start();
      expect(taps()).toEqual(['leave', 'create']);
    });

    it('a hang-up without an answer is said once more when the page is left', async () => {
      await inCall();
      bench.client.leave();
      bench.left();
      await advance();
      const leaves = () => bench.requests.filter(({ path }) => path === `/api/calls/${CALL}/leave`);
      expect(leaves()).toMatchObject([{ method: 'POST', keepalive: true, body: { reason: 'hangup' } }]);
      // The same command: where it had arrived nothing is hung up twice.
      expect(leaves()[0]?.headers.get('idempotency-key')).toBe(bench.command('leave').id);
      await bench.ack('leave', callView({ status: 'ended' }));
      bench.left();
      await advance();
      expect(leaves()).toHaveLength(1);
    });
  });

  describe('while nothing can be reached', () => {
    const creates = () => bench.requests.filter(({ path }) => path === '/api/calls').length;
    const offline = async () => {
      await bench.signIn();
      bench.reachable = false;
      bench.socket.break();
      await start('audio');
    };
    const back = async (more: Parameters<ClientBench['letIn']>[1] = {}) => {
      bench.reachable = true;
      await bench.clock.until(() => bench.sockets.all.length >= 2, 'a second connection', 60_000);
      await bench.letIn(bench.sockets.all.length, more);
      await advance(6_000);
    };

    it('a call that was cancelled is not made when the server is back: nobody rings', async () => {
      await offline();
      bench.client.cancel();
      await back();
      expect([bench.commands(), creates()]).toEqual([[], 0]);
      expect(bench.snapshot).toMatchObject({ active: null, notices: [] });
    });

    it('a call is not made any more after twenty seconds, and that is said', async () => {
      await offline();
      await advance(19_000);
      expect(bench.snapshot.active).toMatchObject({ phase: 'ringing' });
      await bench.clock.until(() => bench.snapshot.active === null, 'the end of waiting', 10_000);
      expect(bench.snapshot).toMatchObject({ notices: [{ kind: 'command_failed', code: 'network' }] });
      expect(bench.capture.live('microphone')).toEqual([]);
      await back();
      expect([bench.commands(), creates()]).toEqual([[], 0]);
    });

    it('a call goes out when the server is back in time', async () => {
      await offline();
      await advance(5_000);
      await back();
      await bench.ack('create', callView());
      expect(bench.commands().filter((name) => name !== 'media-state')).toEqual(['create']);
      expect(bench.snapshot.active).toMatchObject({ callId: CALL, phase: 'ringing' });
    });

    it('one that had arrived before it was cancelled is cancelled as soon as it is heard of', async () => {
      await bench.signIn();
      await start();
      bench.reachable = false;
      bench.socket.break();
      bench.client.cancel();
      await advance(100);
      await back({ calls: [callView()] });
      expect(bench.commands()).toEqual(['create', 'cancel']);
      expect(bench.command('cancel').callId).toBe(CALL);
      expect(bench.snapshot.active).toBeNull();
    });

    it('that of another tab, or of the other side, is none of its business', async () => {
      await offline();
      bench.client.cancel();
      const elsewhere = callView({ callerAt: { deviceId: uuidOf(0x1), instanceId: uuidOf(0x2) } });
      const theirs = callView({ id: uuidOf(0xc2), caller: GRACE, callee: bench.user, callerAt: GRACE_AT });
      await back({ calls: [elsewhere, theirs] });
      expect(bench.commands()).toEqual([]);
    });

    it('nor is a call of the same person that is made afterwards', async () => {
      await offline();
      bench.client.cancel();
      await back();
      await start('audio');
      await bench.say({ t: 'call', view: callView({ callType: 'audio' }), events: [] });
      expect(bench.snapshot.active).toMatchObject({ callId: CALL });
      await bench.ack('create', callView({ callType: 'audio' }));
      expect(bench.commands()).toEqual(['create']);
    });
  });

  it('hangs up when the other side was faster than the cancel', async () => {
    await bench.signIn();
    await start();
    await bench.ack('create', callView());
    bench.client.cancel();
    await advance();
    await bench.refuse('cancel', 'not_ringing');
    expect(bench.command('leave')).toMatchObject({ callId: CALL, body: { reason: 'hangup' } });
  });

  it('says why a call could not be made', async () => {
    await bench.signIn();
    await start();
    await bench.refuse('create', 'too_many_live_calls');
    expect(bench.snapshot).toMatchObject({
      active: null,
      notices: [{ kind: 'command_failed', code: 'too_many_live_calls' }],
    });
    await advance(7_000);
    expect(bench.snapshot.notices).toEqual([]);
  });

  it('does nothing while there is a call', async () => {
    await inCall();
    bench.client.startCall({ teamId: TEAM.id, channelId: null, callType: 'audio', userId: THIRD.id });
    await advance();
    expect(bench.commands().filter((name) => name === 'create')).toHaveLength(1);
  });
});

describe('being called', () => {
  beforeEach(async () => {
    bench.client.dispose();
    bench = new ClientBench(GRACE, GRACE_AT);
    await bench.signIn();
    await bench.say({ t: 'call', view: callView(), events: [] });
    await bench.say({ t: 'ring', ring: ringOf(callView()) });
  });

  it('P63 says that it is ready, and opens neither microphone nor camera', async () => {
    expect(bench.sent('ready')).toEqual([{ t: 'ready', callId: CALL, ringId: uuidOf(0xf1) }]);
    expect(bench.snapshot.incoming).toMatchObject([{ audible: true, answering: false }]);
    expect(bench.capture.opened).toEqual([]);
  });

  it('is in the call at the tap, and opens them then', async () => {
    bench.client.accept(CALL);
    expect(bench.snapshot).toMatchObject({ incoming: [], active: { phase: 'connecting', isInitiator: false } });
    await advance();
    expect(bench.capture.opened.map(({ source }) => source)).toEqual(['microphone', 'camera']);
    await bench.ack('accept', callView({ status: 'connecting' }));
    expect(bench.engine?.context?.selfId).toBe(GRACE.id);
    expect(bench.signallings[0]?.peers()).toMatchObject([{ instanceId: ADA_AT.instanceId, polite: true }]);
  });

  it('leaves the camera closed when it accepts with sound only', async () => {
    bench.client.accept(CALL, { audioOnly: true });
    await advance();
    expect(bench.command('accept').body).toEqual({ audioOnly: true });
    expect(bench.capture.opened.map(({ source }) => source)).toEqual(['microphone']);
  });

  it('takes the tap back when another device was faster', async () => {
    bench.client.accept(CALL);
    await advance();
    await bench.refuse('accept', 'answered_elsewhere');
    expect(bench.snapshot).toMatchObject({ active: null, notices: [{ kind: 'answered_elsewhere' }] });
    expect(bench.capture.live('microphone')).toEqual([]);
  });

  it('asks what became of a call that had ended before the tap', async () => {
    bench.answer = (method, path) =>
      method === 'GET' && path === `/api/calls/${CALL}`
        ? Response.json(callView({ status: 'missed', endReason: 'cancelled' }).call)
        : undefined;
    bench.client.accept(CALL);
    await advance();
    await bench.refuse('accept', 'call_ended');
    expect(bench.snapshot).toMatchObject({ active: null, notices: [], summaries: [{ heading: 'call_missed' }] });
  });

  it('declines at the tap', async () => {
    bench.client.decline(CALL);
    expect(bench.snapshot.incoming).toEqual([]);
    await advance();
    expect(bench.command('decline').callId).toBe(CALL);
  });

  it('P62 stops to ring after the expiry, though nobody was heard', async () => {
    bench.socket.break();
    await advance(34_000);
    expect(bench.snapshot.incoming).toEqual([]);
  });

  it('accepts over REST while the socket is down, and gets the seats with the next welcome', async () => {
    bench.answer = (_method, path) =>
      path.endsWith('/accept') ? Response.json(callView({ status: 'connecting' }).call) : undefined;
    bench.socket.break();
    bench.client.accept(CALL);
    await advance();
    const asked = bench.requests.find(({ path }) => path.endsWith('/accept'));
    expect(asked?.headers.get('x-instance-id')).toBe(GRACE_AT.instanceId);
    expect(asked?.headers.get('idempotency-key')).toMatch(/^[0-9a-f-]{36}$/);
    expect(bench.engines).toHaveLength(1);
    await bench.letIn(2, { calls: [callView({ status: 'connecting' })] });
    expect(bench.signallings[0]?.peers()).toHaveLength(1);
    expect(bench.engines).toHaveLength(1);
  });
});

describe('in the call', () => {
  it('goes on when the server dies: nothing is taken down, and it resumes', async () => {
    await inCall();
    const engine = await other();
    bench.socket.break();
    bench.reachable = false;
    await advance(60_000);
    expect(bench.engine?.state).toBe('connected');
    expect(bench.snapshot.active).toMatchObject({ phase: 'connected', media: 'connected' });
    bench.reachable = true;
    await bench.letIn(bench.sockets.all.length + 1, { calls: [callView({ status: 'connected' })] });
    expect(bench.sent('hello').at(-1)?.resume?.calls).toEqual({ [CALL]: 4 });
    expect(bench.engines).toHaveLength(1);
    expect(bench.snapshot.active?.callId).toBe(CALL);
    await engine.close();
  });

  it('keeps what one engine says to the other until the socket is up again', async () => {
    await inCall();
    bench.socket.break();
    bench.signallings[0]?.send(GRACE_AT.instanceId, 1, 'late');
    await bench.letIn(2, { calls: [callView({ status: 'connected' })] });
    expect(bench.sent('relay')).toEqual([
      { t: 'relay', callId: CALL, to: GRACE_AT.instanceId, epoch: 1, generation: 1, payload: 'late' },
    ]);
  });

  it('P72 listens to messages of its own epoch alone, early ones too', async () => {
    await bench.signIn();
    await start();
    await bench.ack('create', callView());
    const from = { userId: GRACE.id, ...GRACE_AT };
    const relay = { t: 'relay', callId: CALL, from, generation: 1 } as const;
    await bench.say({ ...relay, epoch: 1, payload: 'early' });
    await bench.say({ ...relay, epoch: 2, payload: 'of another path' });
    await bench.say({ t: 'call', view: callView({ status: 'connecting' }), events: [] });
    const heard: string[] = [];
    bench.signallings[0]?.onMessage(({ payload }) => heard.push(payload));
    expect(heard).toEqual(['early']);
  });

  it('mutes at the tap and reports the newest state only', async () => {
    await inCall();
    bench.client.setMuted(true);
    expect(bench.snapshot.active?.self.isMuted).toBe(true);
    bench.client.setMuted(false);
    bench.client.setMuted(true);
    await advance();
    expect(
      bench
        .sent('command')
        .filter(({ name }) => name === 'media-state')
        .map(({ body }) => body),
    ).toEqual([{ isMuted: true, videoEnabled: true }]);
    await bench.ack('media-state', callView({ status: 'connected', version: 5 }));
    bench.client.setCamera(false);
    await advance();
    expect(bench.command('media-state').body).toEqual({ isMuted: true, videoEnabled: false });
    expect(bench.engine?.attached.get('camera')).toBeNull();
  });

  it('goes on without a microphone that was denied, and says so', async () => {
    bench.capture.problems.set('microphone', 'denied');
    await inCall();
    expect(bench.snapshot.active).toMatchObject({
      self: { isMuted: true },
      permissionProblems: [{ source: 'microphone', problem: 'denied' }],
    });
    expect(bench.command('media-state').body).toEqual({ isMuted: true, videoEnabled: true });
  });

  it('O8 leaves with media_failed when the path stays broken for 20 s', async () => {
    await inCall();
    const engine = await other();
    bench.room.cut();
    expect(bench.snapshot.active).toMatchObject({ media: 'reconnecting', people: [{ away: true }] });
    await advance(19_000);
    await bench.say({ t: 'ping', n: 1, at: bench.now() });
    expect(bench.snapshot.active).not.toBeNull();
    await advance(2_000);
    expect(bench.command('leave').body).toEqual({ reason: 'media_failed' });
    expect(bench.snapshot).toMatchObject({ active: null, summaries: [{ endReason: 'media_failed' }] });
    await engine.close();
  });

  it('does not give up on the path while it cannot hear the server either', async () => {
    await inCall();
    const engine = await other();
    bench.socket.break();
    bench.reachable = false;
    bench.room.cut();
    await advance(60_000);
    expect(bench.snapshot.active).not.toBeNull();
    bench.room.mend();
    expect(bench.snapshot.active?.media).toBe('connected');
    await engine.close();
  });

  it('has the figures of the path every two seconds', async () => {
    await inCall();
    const engine = await other();
    await advance(2_100);
    expect(bench.snapshot.active?.stats).toMatchObject({ path: 'direct', audioCodec: 'opus' });
    await engine.close();
  });

  it('reckons the time by the server, however wrong the clock of this device is', async () => {
    await bench.signIn({ serverTime: bench.now(90_000) });
    await start();
    await bench.ack('create', callView({ status: 'connected', connectedAt: bench.now(90_000) }));
    expect(bench.snapshot.active?.connectedAt).toBe(bench.clock.now());
  });

  it('ends on both sides when the other one leaves', async () => {
    await inCall();
    await bench.say({ t: 'call', view: callView({ status: 'ended', version: 6, durationSeconds: 12 }), events: [] });
    expect(bench.snapshot).toMatchObject({ active: null, summaries: [{ heading: 'call_ended', durationSeconds: 12 }] });
    expect(bench.engine?.state).toBe('closed');
    expect([...bench.capture.live('microphone'), ...bench.capture.live('camera')]).toEqual([]);
  });

  it('asks about a call that the server does not name any more', async () => {
    await inCall();
    bench.answer = (method, path) =>
      method === 'GET' && path === `/api/calls/${CALL}`
        ? Response.json(callView({ status: 'ended', endReason: 'dropped', version: 9 }).call)
        : undefined;
    bench.socket.break();
    await bench.letIn(2);
    expect(bench.snapshot).toMatchObject({ active: null, summaries: [{ endReason: 'dropped' }] });
  });

  it('comes back by itself after a reload, as muted as it was', async () => {
    await bench.signIn({ calls: [callView({ status: 'connected', muted: true })] });
    expect(bench.snapshot.active).toMatchObject({ callId: CALL, phase: 'connected', self: { isMuted: true } });
    expect(bench.capture.live('microphone')[0]?.enabled).toBe(false);
    expect(bench.engines).toHaveLength(1);
    expect(bench.commands()).not.toContain('media-state');
  });

  it('goes on when the other call had ended before it was accepted', async () => {
    await inCall();
    bench.client.accept(uuidOf(0xc9));
    await advance();
    expect(bench.snapshot.active).toMatchObject({ callId: CALL });
    expect(bench.commands()).not.toContain('leave');
  });

  describe('on another device', () => {
    const tablet = { deviceId: uuidOf(0xd1), instanceId: uuidOf(0xd2) };
    const there = (version = 3) => {
      const view = callView({ status: 'connected', callerAt: tablet, muted: true });
      return { ...view, call: { ...view.call, version } };
    };
    const taken = () => ({ ...there(5), seats: callView({ status: 'connected' }).seats });

    it('is offered, and taken over: as muted as it was, and connected anew', async () => {
      await bench.signIn({ calls: [there()] });
      expect(bench.snapshot).toMatchObject({ active: null, others: [{ callId: CALL, here: false, movable: true }] });
      bench.client.moveHere(CALL);
      await advance();
      expect(bench.command('move')).toMatchObject({ callId: CALL, body: {} });
      // What comes meanwhile says that the other device still has the seat.
      await bench.say({ t: 'call', view: there(4), events: [] });
      expect(bench.snapshot).toMatchObject({ active: { callId: CALL, self: { isMuted: true } }, others: [] });
      expect(bench.engines).toHaveLength(0);
      await bench.ack('move', taken());
      expect(bench.engines).toHaveLength(1);
      expect(bench.snapshot).toMatchObject({ active: { callId: CALL, self: { isMuted: true } }, notices: [] });
    });

    it('stays there when it cannot be taken over', async () => {
      await bench.signIn({ calls: [there()] });
      bench.client.moveHere(CALL);
      await advance();
      await bench.refuse('move', 'not_accepted');
      expect(bench.snapshot).toMatchObject({
        active: null,
        others: [{ callId: CALL, movable: true }],
        notices: [{ kind: 'command_failed' }],
      });
    });

    it('is not offered while it rings, nor to another tab of the device that has it', async () => {
      const ringing = callView({ callerAt: tablet });
      const tab = callView({
        id: uuidOf(0xc2),
        status: 'connected',
        callerAt: { ...bench.at, instanceId: uuidOf(0xd2) },
      });
      await bench.signIn({ calls: [ringing, tab] });
      expect(bench.snapshot.others.map(({ movable }) => movable)).toEqual([false, false]);
    });

    it('goes on there when it is taken from here, which is told', async () => {
      await inCall();
      await bench.say({ t: 'call', view: there(9), events: [] });
      expect(bench.snapshot).toMatchObject({
        active: null,
        others: [{ callId: CALL, movable: true }],
        notices: [{ kind: 'moved_elsewhere' }],
      });
      expect(bench.capture.live('microphone')).toHaveLength(0);
    });
  });

  describe('that is taken to and fro', () => {
    const tablet = { deviceId: uuidOf(0xd1), instanceId: uuidOf(0xd2) };
    const seen = (callerAt: typeof tablet, version: number, held = false): CallView => {
      const { call, ...rest } = callView({ status: 'connected', callerAt });
      const participants = call.participants.map((p) => ({ ...p, onHold: held && p.userId === bench.user.id }));
      return { ...rest, call: { ...call, version, participants } };
    };
    const reports = () => bench.commands().filter((name) => name === 'media-connected').length;

    it('begins anew here, and says so again: the ledger has forgotten what this device had reported', async () => {
      await inCall();
      const peer = await other();
      expect(reports()).toBe(1);
      await bench.ack('media-connected', callView({ status: 'connected' }));
      await bench.say({ t: 'call', view: seen(tablet, 9), events: [] });
      expect(bench.engine?.state).toBe('closed');
      bench.client.moveHere(CALL);
      await advance();
      await bench.ack('move', seen(bench.at, 10));
      await advance();
      expect(bench.engines).toHaveLength(2);
      expect(bench.snapshot.active).toMatchObject({ callId: CALL, media: 'connected' });
      expect(reports()).toBe(2);
      await peer.close();
    });

    it('so too where it was on hold here when it was taken away', async () => {
      await inCall();
      const peer = await other();
      await bench.ack('media-connected', callView({ status: 'connected' }));
      await bench.say({ t: 'call', view: seen(bench.at, 8, true), events: [] });
      expect(bench.snapshot).toMatchObject({ active: null, others: [{ callId: CALL, here: true, onHold: true }] });
      await bench.say({ t: 'call', view: seen(tablet, 9), events: [] });
      expect(bench.engine?.state).toBe('closed');
      bench.client.moveHere(CALL);
      await advance();
      await bench.ack('move', seen(bench.at, 10));
      await advance();
      expect(bench.snapshot.active).toMatchObject({ callId: CALL, media: 'connected' });
      expect(reports()).toBe(2);
      await peer.close();
    });

    it('keeps its microphone shut on the device that it was taken from, also when the tap comes back refused', async () => {
      await inCall();
      await bench.say({ t: 'call', view: seen(tablet, 9), events: [] });
      bench.client.moveHere(CALL);
      await advance();
      await bench.refuse('move', 'call_ended');
      expect(bench.snapshot.active).toBeNull();
      expect(bench.capture.live('microphone')).toHaveLength(0);
    });
  });

  it('W4c turns in the order of the taps: the second waits for the answer to the first', async () => {
    const two = (n: number, caller: typeof THIRD) =>
      callView({ id: uuidOf(n), caller, callee: bench.user, callerAt: GRACE_AT, calleeAt: null });
    await bench.signIn();
    for (const [n, caller] of [
      [0xc2, GRACE],
      [0xc3, THIRD],
    ] as const) {
      await bench.say({ t: 'call', view: two(n, caller), events: [] });
      await bench.say({ t: 'ring', ring: ringOf(two(n, caller), caller) });
    }
    const accepts = () => bench.sent('command').filter(({ name }) => name === 'accept');
    bench.client.accept(uuidOf(0xc2));
    await advance();
    bench.client.accept(uuidOf(0xc3));
    await advance();
    expect(accepts().map(({ callId }) => callId)).toEqual([uuidOf(0xc2)]);
    const answered = callView({
      id: uuidOf(0xc2),
      status: 'connecting',
      caller: GRACE,
      callee: bench.user,
      callerAt: GRACE_AT,
      calleeAt: bench.at,
    });
    await bench.ack('accept', answered);
    expect(accepts().map(({ callId, body }) => [callId, body])).toEqual([
      [uuidOf(0xc2), {}],
      [uuidOf(0xc3), { others: 'end' }],
    ]);
  });

  describe('while a second call waits', () => {
    const second = (more: Parameters<typeof callView>[0] = {}) =>
      callView({ id: uuidOf(0xc2), caller: THIRD, callee: bench.user, callerAt: GRACE_AT, calleeAt: null, ...more });
    const here = () => bench.at;
    const onHold = (view: CallView, held = true): CallView => ({
      ...view,
      call: {
        ...view.call,
        version: view.call.version + 1,
        participants: view.call.participants.map((p) => (p.userId === bench.user.id ? { ...p, onHold: held } : p)),
      },
    });
    const waits = async () => {
      await inCall();
      await other();
      await bench.say({ t: 'call', view: second(), events: [] });
      await bench.say({ t: 'ring', ring: ringOf(second(), THIRD) });
    };

    it('shows it quietly', async () => {
      await waits();
      expect(bench.snapshot.incoming).toMatchObject([{ waiting: 'hold', audible: false }]);
    });

    it('ends the first with the accept of the second, in one command', async () => {
      await waits();
      bench.client.accept(second().call.id);
      await advance();
      expect(bench.commands().filter((name) => name === 'leave' || name === 'accept')).toEqual(['accept']);
      expect(bench.command('accept')).toMatchObject({ callId: second().call.id, body: { others: 'end' } });
      expect(bench.snapshot).toMatchObject({ active: { callId: second().call.id }, others: [] });
      await bench.say({ t: 'call', view: callView({ status: 'ended', version: 6 }), events: [] });
      expect(bench.snapshot).toMatchObject({
        active: { callId: second().call.id },
        summaries: [{ callId: CALL, heading: 'call_ended' }],
      });
    });

    it('goes on with the first where the second was taken back at that moment', async () => {
      await waits();
      const [engine] = bench.engines;
      bench.client.accept(second().call.id);
      await advance();
      await bench.refuse('accept', 'call_ended');
      expect(bench.snapshot).toMatchObject({ active: { callId: CALL, media: 'connected' }, others: [] });
      expect(bench.engines).toHaveLength(1);
      expect(engine?.attached.get('microphone')).not.toBeNull();
    });

    it('holds the first: its path stays up and carries nothing, until it is come back to', async () => {
      await waits();
      const [engine] = bench.engines;
      bench.client.accept(second().call.id, { others: 'hold' });
      await advance();
      const answered = second({ status: 'connecting', calleeAt: here() });
      await bench.ack('accept', answered);
      await bench.say({ t: 'call', view: onHold(callView({ status: 'connected' })), events: [] });
      expect(bench.snapshot).toMatchObject({
        active: { callId: second().call.id },
        others: [{ callId: CALL, here: true, onHold: true }],
      });
      expect(engine?.attached.get('microphone')).toBeNull();
      expect(engine?.state).toBe('connected');

      bench.client.resume(CALL);
      await advance();
      expect(bench.command('hold')).toMatchObject({ callId: CALL, body: { onHold: false } });
      expect(bench.snapshot).toMatchObject({
        active: { callId: CALL, media: 'connected' },
        others: [{ callId: second().call.id, here: true }],
      });
      expect(engine?.attached.get('microphone')).not.toBeNull();

      await bench.refuse('hold', 'call_ended');
      expect(bench.snapshot).toMatchObject({ active: { callId: second().call.id } });
    });

    describe('and the first has only just been answered', () => {
      const connecting = callView({ status: 'connecting' });
      const reports = () =>
        bench.sent('command').filter(({ name, callId }) => name === 'media-connected' && callId === CALL).length;
      beforeEach(async () => {
        await bench.signIn();
        await start();
        await bench.ack('create', callView());
        await other();
        await bench.say({ t: 'call', view: connecting, events: [] });
        await bench.say({ t: 'call', view: second(), events: [] });
        await bench.say({ t: 'ring', ring: ringOf(second(), THIRD) });
        bench.client.accept(second().call.id, { others: 'hold' });
        await advance();
        await bench.refuse('media-connected', 'not_accepted');
      });

      it('says again, once it is come back to, that its media flows', async () => {
        expect(reports()).toBe(1);
        await bench.refuse('accept', 'call_ended');
        expect(bench.snapshot.active).toMatchObject({ callId: CALL });
        expect(reports()).toBe(2);
      });

      it('says again, while it is on hold, that its media flows', async () => {
        await bench.ack('accept', second({ status: 'connecting', calleeAt: here() }));
        await bench.say({ t: 'call', view: onHold(connecting), events: [] });
        expect(bench.snapshot.others).toMatchObject([{ callId: CALL, onHold: true }]);
        expect(reports()).toBe(2);
      });
    });

    it('does not give up a broken path to somebody who is on hold', async () => {
      await inCall();
      const engine = await other();
      const connected = callView({ status: 'connected' });
      const participants = connected.call.participants.map((p) => ({ ...p, onHold: p.userId === GRACE.id }));
      const view = { ...connected, call: { ...connected.call, version: connected.call.version + 1, participants } };
      await bench.say({ t: 'call', view, events: [] });
      await engine.close();
      await advance(60_000);
      expect(bench.snapshot.active).toMatchObject({ callId: CALL });
      expect(bench.commands()).not.toContain('leave');
    });

    it('holds it when another device says so, and is told of the call there', async () => {
      await inCall();
      await bench.say({ t: 'call', view: onHold(callView({ status: 'connected' })), events: [] });
      expect(bench.snapshot).toMatchObject({ active: null, others: [{ callId: CALL, here: true, onHold: true }] });
      await bench.say({ t: 'call', view: onHold(onHold(callView({ status: 'connected' })), false), events: [] });
      expect(bench.snapshot).toMatchObject({ active: { callId: CALL }, others: [] });
    });
  });
});

it('hands out the same snapshot until something has changed', async () => {
  await bench.signIn();
  expect(bench.client.snapshot()).toBe(bench.client.snapshot());
});

it('counts unread missed calls, and clears them', async () => {
  await bench.signIn();
  const item = { id: uuidOf(7), seq: 1, callId: CALL, type: 'missed', createdAt: bench.now(), readAt: null } as const;
  await bench.say({ t: 'inbox', item });
  expect(bench.snapshot.unreadCalls).toBe(1);
  await bench.client.markCallsRead();
  expect(bench.snapshot.unreadCalls).toBe(0);
  expect(bench.requests.at(-1)?.path).toBe('/api/notifications/read');
});

it('clears the badge for what was read on another device, now or while this one was away', async () => {
  await bench.signIn();
  const item = (seq: number) =>
    ({ id: uuidOf(seq), seq, callId: uuidOf(90 + seq), type: 'missed', createdAt: bench.now(), readAt: null }) as const;
  for (const seq of [1, 2, 3]) await bench.say({ t: 'inbox', item: item(seq) });
  expect(bench.snapshot.unseenCalls).toEqual([uuidOf(93), uuidOf(92), uuidOf(91)]);
  await bench.say({ t: 'inbox', item: { ...item(1), readAt: bench.now() } });
  expect(bench.snapshot.unreadCalls).toBe(2);
  bench.socket.break();
  await bench.letIn(2, { inbox: { seq: 3, items: [2, 3].map((seq) => ({ ...item(seq), readAt: bench.now() })) } });
  expect(bench.sent('hello').at(-1)?.resume?.inbox).toBe(1);
  expect(bench.snapshot.unreadCalls).toBe(0);
});

it('tells the server of what was seen offline, once it is there again', async () => {
  await bench.signIn();
  const item = { id: uuidOf(7), seq: 1, callId: CALL, type: 'missed', createdAt: bench.now(), readAt: null } as const;
  await bench.say({ t: 'inbox', item });
  bench.reachable = false;
  await bench.client.markCallsRead([CALL]);
  expect(bench.snapshot.unreadCalls).toBe(0);
  const read = () => bench.requests.filter(({ path }) => path === '/api/notifications/read').length;
  const before = read();
  bench.reachable = true;
  bench.socket.break();
  await bench.letIn(2, { inbox: { seq: 1, items: [item] } });
  expect(bench.snapshot.unreadCalls).toBe(0);
  expect(read()).toBe(before + 1);
});

it('gives the summary of an older call, and throws what the server refuses', async () => {
  await bench.signIn();
  bench.answer = (_method, path) =>
    path === `/api/calls/${CALL}`
      ? Response.json(callView({ status: 'missed', endReason: 'no_answer' }).call)
      : undefined;
  expect(await bench.client.summary(CALL)).toMatchObject({ heading: 'no_answer', callAgain: GRACE.id });
  bench.answer = () => Response.json(problem('rate_limited'), { status: 429, headers: { 'retry-after': '7' } });
  await expect(bench.client.history({})).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 7_000 });
});
