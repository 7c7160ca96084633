import type { CallView, Ring } from '@parley/protocol';
import { ADA, ADA_AT, callView, contextFor, FakeEngine, GRACE, GRACE_AT, ringOf, uuidOf } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientBench, SERVER_CAPABILITIES } from './client-bench.ts';

let bench: ClientBench;
let other: FakeEngine;
let version = 10;

/** The call of Ada and Grace on the media server, and which epoch each of them has reported. */
function onServer(reported: { readonly ada?: number; readonly grace?: number } = {}): CallView {
  const view = callView({ status: 'connected', callType: 'audio' });
  const epochs = new Map([
    [ADA.id, reported.ada ?? 1],
    [GRACE.id, reported.grace ?? 1],
  ]);
  version += 1;
  return {
    ...view,
    call: {
      ...view.call,
      callType: 'group_audio',
      mediaEngine: 'livekit',
      mediaEpoch: 2,
      version,
      participants: view.call.participants.map((person) => ({
        ...person,
        mediaEpoch: epochs.get(person.userId) ?? null,
      })),
    },
  };
}

const say = (view: CallView) => bench.say({ t: 'call', view, events: [] });
const engines = () => bench.engines.map(({ capabilities, state }) => `${capabilities.name} ${state}`);
const reports = () =>
  bench
    .sent('command')
    .filter(({ name }) => name === 'media-connected')
    .map(({ body }) => body);
const person = () => bench.snapshot.active?.people[0];

async function graceOnServer(): Promise<FakeEngine> {
  const engine = new FakeEngine(bench.sfu, SERVER_CAPABILITIES);
  await engine.connect(contextFor(GRACE.id, 2));
  await bench.clock.advance(0);
  return engine;
}

/** Ada calls Grace, who answers, and they hear each other on the direct path. */
beforeEach(async () => {
  bench = new ClientBench();
  await bench.signIn();
  bench.client.startCall({ teamId: 'team', channelId: null, callType: 'audio', userId: GRACE.id });
  await bench.clock.advance(0);
  await bench.ack('create', callView({ callType: 'audio' }));
  await say(callView({ status: 'connecting', callType: 'audio' }));
  other = new FakeEngine(bench.room);
  await other.connect(contextFor(GRACE.id));
  await bench.clock.advance(0);
  await bench.ack('media-connected', callView({ status: 'connected', callType: 'audio' }));
  await bench.clock.advance(0);
});
afterEach(() => bench.client.dispose());

it('begins on the direct path, and reports its epoch', () => {
  expect(engines()).toEqual(['p2p connected']);
  expect(reports()).toEqual([{ epoch: 1 }]);
  expect(person()?.stream).not.toBeNull();
});

describe('when the call moves to the media server', () => {
  it('brings the new path up beside the old one, with the same captured track', async () => {
    await say(onServer());
    await bench.clock.advance(100);
    expect(engines()).toEqual(['p2p connected', 'livekit connected']);
    const [old, newer] = bench.engines;
    expect(newer?.attached.get('microphone')).toBe(old?.attached.get('microphone'));
    expect(bench.capture.live('microphone')).toHaveLength(1);
  });

  it('plays each person on the old path until they flow on the new one', async () => {
    const before = person()?.stream;
    await say(onServer());
    await bench.clock.advance(1_000);
    expect(person()?.stream).toBe(before);
    expect(bench.snapshot.active).toMatchObject({ media: 'connected', protection: 'end_to_end' });
    await graceOnServer();
    expect(person()?.stream).not.toBe(before);
    expect(person()?.stream).not.toBeNull();
    expect(bench.snapshot.active).toMatchObject({ media: 'connected', protection: 'to_server' });
  });

  it('reports the new one when whoever was heard before is heard there', async () => {
    await say(onServer());
    await bench.clock.advance(1_000);
    expect(reports()).toEqual([{ epoch: 1 }]);
    await graceOnServer();
    expect(reports()).toEqual([{ epoch: 1 }, { epoch: 2 }]);
  });

  it('closes the old one when everybody has reported the new, and not before', async () => {
    await say(onServer());
    await graceOnServer();
    await bench.clock.advance(3_000);
    expect(engines()).toEqual(['p2p connected', 'livekit connected']);
    await say(onServer({ ada: 2 }));
    await bench.clock.advance(3_000);
    expect(engines()[0]).toBe('p2p connected');
    await say(onServer({ ada: 2, grace: 2 }));
    await bench.clock.advance(1_500);
    expect(engines()).toEqual(['p2p closed', 'livekit connected']);
    expect(person()?.stream).not.toBeNull();
  });

  it('does not close it although all have reported, while they are not heard here', async () => {
    await say(onServer({ ada: 2, grace: 2 }));
    await bench.clock.advance(3_000);
    expect(engines()[0]).toBe('p2p connected');
    await graceOnServer();
    await bench.clock.advance(1_500);
    expect(engines()[0]).toBe('p2p closed');
  });

  it('does not wait for ever for somebody who does not come', async () => {
    await say(onServer());
    await bench.clock.advance(8_500);
    expect(reports()).toEqual([{ epoch: 1 }, { epoch: 2 }]);
    // Whoever is heard nowhere else is still heard on the old one.
    expect(person()?.stream).not.toBeNull();
    await bench.clock.advance(21_000);
    expect(engines()).toEqual(['p2p closed', 'livekit connected']);
  });

  it('keeps the old one when the new one does not come about', async () => {
    bench.sfu.pathIsUp = false;
    const before = person()?.stream;
    await say(onServer());
    await bench.clock.advance(25_000);
    expect(engines()).toEqual(['p2p connected', 'livekit connecting']);
    expect(person()?.stream).toBe(before);
    expect(bench.snapshot.active).toMatchObject({ media: 'connected' });
    expect(bench.commands()).not.toContain('leave');
    bench.sfu.mend();
    await graceOnServer();
    expect(reports()).toEqual([{ epoch: 1 }, { epoch: 2 }]);
  });

  it('goes back to the old one when the new one breaks before it goes', async () => {
    const before = person()?.stream;
    await say(onServer());
    await graceOnServer();
    expect(person()?.stream).not.toBe(before);
    bench.sfu.cut();
    await bench.clock.advance(30_000);
    expect(person()?.stream).toBe(before);
    expect(engines()[0]).toBe('p2p connected');
    expect(bench.commands()).not.toContain('leave');
  });

  it('is not taken back by news that come late', async () => {
    await say(onServer());
    await graceOnServer();
    await say(onServer({ ada: 2, grace: 2 }));
    await bench.clock.advance(1_500);
    await say(callView({ status: 'connected', callType: 'audio' }));
    await bench.clock.advance(100);
    expect(engines()).toEqual(['p2p closed', 'livekit connected']);
  });

  it('hands what the others say of each path to that path', async () => {
    await say(onServer());
    const heard: string[] = [];
    bench.signallings[0]?.onMessage(({ payload }) => heard.push(`old ${payload}`));
    bench.signallings[1]?.onMessage(({ payload }) => heard.push(`new ${payload}`));
    const relay = { t: 'relay', callId: onServer().call.id, generation: 1 } as const;
    const from = { userId: GRACE.id, ...GRACE_AT };
    await bench.say({ ...relay, from, epoch: 1, payload: 'a' });
    await bench.say({ ...relay, from, epoch: 2, payload: 'b' });
    expect(heard).toEqual(['old a', 'new b']);
  });

  it('closes both when the call ends in between', async () => {
    await say(onServer());
    bench.client.leave();
    await bench.clock.advance(0);
    expect(engines()).toEqual(['p2p closed', 'livekit closed']);
  });
});

describe('a screen', () => {
  beforeEach(async () => {
    await say(onServer({ ada: 2, grace: 2 }));
    await graceOnServer();
    await bench.clock.advance(1_500);
  });
  const sent = (source: 'screen' | 'screen_audio') => bench.engine?.attached.get(source) ?? null;

  it('is shared with its sound, and ended by a press', async () => {
    expect(bench.snapshot.active).toMatchObject({ canShare: true, self: { screen: null } });
    bench.client.stage.share();
    await bench.clock.advance(0);
    const [screen] = bench.capture.screens;
    expect([sent('screen'), sent('screen_audio')]).toEqual([screen?.picture, screen?.sound]);
    expect(bench.snapshot.active?.self.screen).not.toBeNull();
    bench.client.stage.stopSharing();
    expect([sent('screen'), sent('screen_audio'), screen?.picture.stopped, screen?.sound?.stopped]).toEqual([
      null,
      null,
      true,
      true,
    ]);
  });

  it("is ended by the browser's own bar", async () => {
    bench.client.stage.share();
    await bench.clock.advance(0);
    bench.capture.screens[0]?.picture.endByItself();
    expect(sent('screen')).toBeNull();
    expect(bench.snapshot.active?.self.screen).toBeNull();
  });

  it('that is not chosen changes nothing', async () => {
    bench.capture.screenProblem = 'dismissed';
    bench.client.stage.share();
    await bench.clock.advance(0);
    expect(bench.snapshot.active?.self.screen).toBeNull();
    expect(bench.engine?.attached.has('screen')).toBe(false);
    expect(bench.snapshot.notices.map(({ kind }) => kind)).toEqual(['share_refused']);
  });

  it('that is chosen after the call has ended is closed at once', async () => {
    bench.capture.asking = true;
    bench.client.stage.share();
    await bench.clock.advance(0);
    bench.client.leave();
    bench.capture.answerPrompts();
    await bench.clock.advance(0);
    expect(bench.capture.screens.map(({ picture }) => picture.stopped)).toEqual([true]);
  });
});

describe('pictures', () => {
  beforeEach(async () => {
    await say(onServer({ ada: 2, grace: 2 }));
    await graceOnServer();
    await bench.clock.advance(1_500);
  });
  const last = (userId: string | null, of: 'camera' | 'screen' = 'camera') =>
    bench.engine?.asked.findLast((asked) => asked.userId === userId && asked.of === of)?.quality;

  it('are sharp among a few as long as nobody says who is looked at', () => {
    expect(last(GRACE.id)).toBe('high');
  });

  it('are asked for as they are looked at, and of nobody else', async () => {
    bench.client.stage.look(onServer().call.id, [{ userId: GRACE.id, source: 'camera', quality: 'low' }]);
    await bench.clock.advance(0);
    expect([last(GRACE.id), last(null), last(GRACE.id, 'screen')]).toEqual(['low', 'off', 'off']);
    bench.client.stage.look(onServer().call.id, [{ userId: GRACE.id, source: 'screen', quality: 'high' }]);
    await bench.clock.advance(0);
    expect([last(GRACE.id), last(GRACE.id, 'screen')]).toEqual(['off', 'high']);
  });

  it('are neither asked for nor sent with the data saver', async () => {
    bench.client.setCamera(true);
    bench.client.stage.setDataSaver(true);
    await bench.clock.advance(0);
    expect([last(GRACE.id), last(null), last(null, 'screen')]).toEqual(['off', 'off', 'off']);
    expect(bench.snapshot.active).toMatchObject({ dataSaver: true, self: { videoEnabled: false } });
    bench.client.stage.setDataSaver(false);
    await bench.clock.advance(0);
    expect(last(GRACE.id)).toBe('high');
  });
});

it('tells who speaks, and takes a mute from afar for its own', async () => {
  await say(onServer({ ada: 2, grace: 2 }));
  await graceOnServer();
  bench.engine?.say('speakers', [GRACE.id]);
  expect(person()?.speaking).toBe(true);
  bench.engine?.say('silenced', 'microphone');
  expect(bench.snapshot.active?.self.isMuted).toBe(true);
});

describe('a direct path', () => {
  const relay = () =>
    bench.say({
      t: 'relay',
      callId: callView().call.id,
      from: { userId: GRACE.id, ...GRACE_AT },
      epoch: 1,
      generation: 1,
      payload: 'hello',
    });

  beforeEach(async () => {
    bench.client.dispose();
    bench = new ClientBench();
    await bench.signIn();
    bench.client.startCall({ teamId: 'team', channelId: null, callType: 'audio', userId: GRACE.id });
    await bench.clock.advance(0);
    await bench.ack('create', callView({ callType: 'audio' }));
    await say(callView({ status: 'connecting', callType: 'audio' }));
  });

  it('that is not found within 4 s of the first word of the other side is reported once', async () => {
    await bench.clock.advance(10_000);
    expect(bench.commands()).not.toContain('media-plan');
    await relay();
    await bench.clock.advance(3_900);
    expect(bench.commands()).not.toContain('media-plan');
    await bench.clock.advance(200);
    expect(bench.command('media-plan').body).toEqual({ reason: 'no_direct_path', epoch: 1 });
    await bench.refuse('media-plan', 'not_found');
    await relay();
    await bench.clock.advance(10_000);
    expect(bench.commands().filter((name) => name === 'media-plan')).toHaveLength(1);
  });

  it('that is found in time is not', async () => {
    await relay();
    await bench.clock.advance(1_000);
    await new FakeEngine(bench.room).connect(contextFor(GRACE.id));
    await bench.clock.advance(10_000);
    expect(bench.commands()).not.toContain('media-plan');
  });
});

describe('a group that rings', () => {
  const GROUP = uuidOf(0xc9);
  const ring: Ring = { ...ringOf(callView({ id: GROUP }), GRACE), callType: 'group_audio' };
  const view = (accepted: boolean): CallView => {
    const base = callView({
      id: GROUP,
      status: accepted ? 'connecting' : 'ringing',
      callType: 'audio',
      caller: GRACE,
      callee: ADA,
    });
    return {
      ...base,
      call: { ...base.call, callType: 'group_audio', mediaEngine: 'livekit' },
      seats: [{ userId: GRACE.id, ...GRACE_AT }, ...(accepted ? [{ userId: ADA.id, ...ADA_AT }] : [])],
    };
  };

  beforeEach(async () => {
    bench.client.dispose();
    bench = new ClientBench();
    await bench.signIn();
    await bench.say({ t: 'ring', ring });
    await bench.clock.advance(0);
  });

  it('is entered ahead, with nothing captured and nothing said', () => {
    expect(engines()).toEqual(['livekit connected']);
    expect(bench.engine?.context?.epoch).toBe(1);
    expect([...(bench.engine?.attached.keys() ?? [])]).toEqual([]);
    expect(bench.capture.opened).toEqual([]);
    expect(reports()).toEqual([]);
    expect(bench.snapshot.active).toBeNull();
  });

  it('is entered in the knowledge of whom one will hear, so that it need not be asked for once one may', async () => {
    await say(view(false));
    expect(bench.engine?.admitted).toEqual({ only: [GRACE.id] });
    expect(engines()).toEqual(['livekit connected']);
  });

  it('is taken part in over that very connection, with credentials from after the accept', async () => {
    bench.client.accept(GROUP);
    await bench.clock.advance(0);
    const asked = () => bench.requests.filter(({ path }) => path.endsWith('/token')).length;
    const before = asked();
    await bench.ack('accept', view(true));
    await bench.clock.advance(2_000);
    expect(engines()).toEqual(['livekit connected']);
    expect(bench.engine?.attached.get('microphone')).toBe(bench.capture.live('microphone')[0]);
    expect(reports()).toEqual([{ epoch: 1 }]);
    expect(asked()).toBe(before + 1);
    expect(bench.engine?.renewals).toHaveLength(1);
  });

  it('is left when it stops ringing', async () => {
    bench.client.decline(GROUP);
    await bench.clock.advance(0);
    expect(engines()).toEqual(['livekit closed']);
  });

  it('is entered anew where another copy has taken its place', async () => {
    bench.sfu.engines.clear();
    bench.engine?.say('ended', 'duplicate_identity');
    bench.engine?.become('failed');
    bench.client.accept(GROUP);
    await bench.clock.advance(0);
    await bench.ack('accept', view(true));
    await bench.clock.advance(100);
    expect(engines()).toEqual(['livekit closed', 'livekit connected']);
  });
});
