/** Runs in Chromium: engines of one page in one room of a real LiveKit server, over the loopback interface. */
import type { MediaConnectionState, MediaEndReason, RemoteMedia } from '@parley/client';
import { browserLiveKit, LiveKitEngine } from '../src/index.ts';

interface Host {
  /** What the test does on the other side of the page. */
  token(room: string, identity: string, rights: 'all' | 'none'): Promise<string>;
  grant(room: string, identity: string): Promise<void>;
  remove(room: string, identity: string): Promise<void>;
  silence(room: string, identity: string): Promise<void>;
  restart(): Promise<void>;
}

const host = globalThis as unknown as { host: Host; sfuUrl: string };
const call = <N extends keyof Host>(name: N, ...args: Parameters<Host[N]>): ReturnType<Host[N]> =>
  (globalThis as unknown as Record<string, (...args: unknown[]) => unknown>)[`host_${name}`]?.(...args) as ReturnType<
    Host[N]
  >;

let rooms = 0;
const newRoom = () => `room-${Date.now()}-${rooms++}`;

class Side {
  readonly states: MediaConnectionState[] = [];
  readonly flowed: string[] = [];
  readonly ended: MediaEndReason[] = [];
  readonly silenced: string[] = [];
  readonly speakers: (readonly string[])[] = [];
  readonly qualities: string[] = [];
  remote: readonly RemoteMedia[] = [];
  readonly engine = new LiveKitEngine(browserLiveKit());
  readonly #room: string;
  readonly #identity: string;

  constructor(room: string, identity: string) {
    this.#room = room;
    this.#identity = identity;
    this.engine.on('state', (state) => this.states.push(state));
    this.engine.on('flowing', (userId) => this.flowed.push(userId));
    this.engine.on('ended', (reason) => this.ended.push(reason));
    this.engine.on('silenced', (source) => this.silenced.push(source));
    this.engine.on('speakers', (speakers) => this.speakers.push(speakers));
    this.engine.on('quality', (userId, quality) => this.qualities.push(`${userId} ${quality}`));
    this.engine.on('remote', (remote) => {
      this.remote = remote;
    });
  }

  async connect(rights: 'all' | 'none' = 'all'): Promise<void> {
    await this.engine.connect({
      selfId: this.#identity.split(':')[0] ?? '',
      credentials: {
        engine: 'livekit',
        url: host.sfuUrl,
        token: await call('token', this.#room, this.#identity, rights),
        roomName: this.#room,
        uid: this.#identity,
        expiresAt: '2099-01-01T00:00:00.000Z',
        iceServers: [],
        relayOnly: false,
      },
      epoch: 1,
    });
  }

  get connected(): boolean {
    return this.states.at(-1) === 'connected';
  }

  of(userId: string): RemoteMedia | undefined {
    return this.remote.find((one) => one.userId === userId);
  }

  /** Bits a second of everything that comes in. */
  async received(): Promise<number | null> {
    await this.engine.stats();
    await wait(1_500);
    return (await this.engine.stats()).bitrateKbps;
  }

  camera(userId: string): MediaStreamTrack | undefined {
    const stream = this.of(userId)?.stream;
    return stream instanceof MediaStream ? stream.getVideoTracks()[0] : undefined;
  }
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`did not come about: ${what}`);
    await wait(50);
  }
}

async function capture(): Promise<{ audio: MediaStreamTrack; video: MediaStreamTrack }> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 360 } });
  const [audio] = stream.getAudioTracks();
  const [video] = stream.getVideoTracks();
  if (!audio || !video) throw new Error('no fake devices');
  return { audio, video };
}

/** A view of the track: what width is drawn, and whether frames come. */
class View {
  readonly #element = document.createElement('video');
  frames = 0;

  constructor(track: MediaStreamTrack) {
    this.#element.muted = true;
    this.#element.srcObject = new MediaStream([track]);
    const count = () => {
      this.frames += 1;
      this.#element.requestVideoFrameCallback(count);
    };
    this.#element.requestVideoFrameCallback(count);
    void this.#element.play();
  }

  get width(): number {
    return this.#element.videoWidth;
  }
}

/** Loudness of a track, 0 to 1. */
async function loudness(track: MediaStreamTrack): Promise<number> {
  const context = new AudioContext();
  // Chromium gives a remote track to Web Audio only while an element plays it.
  const element = new Audio();
  element.srcObject = new MediaStream([track]);
  element.muted = true;
  void element.play();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let most = 0;
  for (let look = 0; look < 40; look += 1) {
    analyser.getFloatTimeDomainData(samples);
    most = Math.max(most, ...samples.map(Math.abs));
    await wait(50);
  }
  await context.close();
  return most;
}

async function pair(attachA = true) {
  const room = newRoom();
  const a = new Side(room, 'ada:1');
  const b = new Side(room, 'bob:1');
  const tracks = await capture();
  if (attachA) {
    const own = await capture();
    await a.engine.attach('microphone', own.audio);
    await a.engine.attach('camera', own.video);
  }
  await b.engine.attach('microphone', tracks.audio);
  await b.engine.attach('camera', tracks.video);
  await Promise.all([a.connect(), b.connect()]);
  await until(() => a.connected && b.connected, 'connected');
  const close = () => Promise.all([a.engine.close(), b.engine.close()]);
  return { room, a, b, tracks, close };
}

/** Every peer connection of the page, the SDK's among them. */
const connections = new Set<RTCPeerConnection>();
globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    connections.add(this);
  }
};

/** Bytes that come in over all connections of the page, within the time. */
const pictureBytes = (ms: number): Promise<number> => bytesOf('video', ms);
const soundBytes = (ms: number): Promise<number> => bytesOf('audio', ms);

async function bytesOf(kind: 'audio' | 'video', ms: number): Promise<number> {
  const count = async () => {
    let bytes = 0;
    for (const connection of connections) {
      if (connection.connectionState === 'closed') continue;
      for (const row of (await connection.getStats()).values()) {
        if (row.type === 'inbound-rtp' && row.kind === kind) bytes += row.bytesReceived;
      }
    }
    return bytes;
  };
  const before = await count();
  await wait(ms);
  return (await count()) - before;
}

/** A tone, which an SFU takes for somebody who speaks. */
function tone(): MediaStreamTrack {
  const context = new AudioContext();
  const oscillator = context.createOscillator();
  const end = context.createMediaStreamDestination();
  oscillator.connect(end);
  oscillator.start();
  const [track] = end.stream.getAudioTracks();
  if (!track) throw new Error('no tone');
  return track;
}

const scenarios = {
  async both() {
    const { a, b, tracks, close } = await pair();
    await b.engine.attach('microphone', tone());
    await until(() => a.flowed.length > 0 && b.flowed.length > 0, 'media on both sides');
    await until(() => a.camera('bob') !== undefined && b.camera('ada') !== undefined, 'pictures');
    const [seenA, seenB] = [a.camera('bob'), b.camera('ada')];
    if (!seenA || !seenB) throw new Error('no pictures');
    const views = [new View(seenA), new View(seenB)];
    await until(() => views.every(({ frames }) => frames > 5), 'frames on both sides');
    const stream = a.of('bob')?.stream;
    const sound = stream instanceof MediaStream ? stream.getAudioTracks()[0] : undefined;
    const loud = sound ? await loudness(sound) : 0;
    await until(() => a.speakers.some((people) => people.includes('bob')), 'bob speaks');
    await a.engine.stats();
    await wait(2_000);
    const stats = await a.engine.stats();
    // Muted, and back: nothing is published again.
    await b.engine.attach('microphone', tracks.audio);
    b.engine.setMuted('microphone', true);
    await until(() => tracks.audio.enabled === false, 'muted');
    b.engine.setMuted('microphone', false);
    await until(() => tracks.audio.enabled, 'unmuted');
    const states = a.states.slice();
    await close();
    return { states, loud, stats, flowed: a.flowed, live: tracks.audio.readyState, quality: a.qualities.length > 0 };
  },

  async demand() {
    const { a, close } = await pair(false);
    await until(() => a.camera('bob') !== undefined, 'a picture');
    const track = a.camera('bob');
    if (!track) throw new Error('no picture');
    const view = new View(track);
    await until(() => view.width === 320, 'the low layer, unasked');
    const low = await pictureBytes(3_000);
    await a.engine.setVideoQuality('bob', 'high');
    await until(() => view.width === 640, 'the high layer');
    const high = await pictureBytes(3_000);
    await a.engine.setVideoQuality('bob', 'off');
    await wait(1_500);
    const frames = view.frames;
    const off = await pictureBytes(3_000);
    const drawnWhileOff = view.frames - frames;
    await a.engine.setVideoQuality('bob', 'low');
    await until(() => view.frames > frames + 5, 'frames again');
    await close();
    return { low, high, off, drawnWhileOff };
  },

  async nobodyLooks() {
    const room = newRoom();
    const a = new Side(room, 'ada:1');
    const b = new Side(room, 'bob:1');
    await a.engine.setVideoQuality(null, 'off');
    const { audio, video } = await capture();
    await b.engine.attach('microphone', audio);
    await b.engine.attach('camera', video);
    await Promise.all([a.connect(), b.connect()]);
    await until(() => a.flowed.length > 0, 'sound');
    await wait(1_000);
    const bytes = await pictureBytes(3_000);
    const picture = a.camera('bob') !== undefined;
    await Promise.all([a.engine.close(), b.engine.close()]);
    return { bytes, picture };
  },

  async ahead() {
    const { room, a, b, close } = await pair();
    await until(() => b.flowed.length > 0, 'ada and bob');
    const carol = new Side(room, 'carol:phone');
    const { audio, video } = await capture();
    // As whoever is rung does: all that they may hear once they have answered is to come unasked then.
    carol.engine.admit({ only: ['ada', 'bob'] });
    carol.engine.setMuted('microphone', true);
    await carol.engine.attach('microphone', audio);
    await carol.connect('none');
    await until(() => carol.connected, 'carol is there');
    await wait(2_000);
    const before = {
      streams: carol.remote.filter(({ stream }) => stream !== null).length,
      flowed: carol.flowed.length,
      bytes: await carol.received(),
      heardOfHer: a.of('carol')?.stream ?? null,
    };
    carol.engine.setMuted('microphone', false);
    await carol.engine.attach('camera', video);
    const at = performance.now();
    await call('grant', room, 'carol:phone');
    await until(() => carol.flowed.length > 0, 'carol hears');
    const heardAfterMs = performance.now() - at;
    await until(() => a.camera('carol') !== undefined && carol.camera('ada') !== undefined, 'they see each other');
    const states = carol.states.slice();
    await Promise.all([carol.engine.close(), close()]);
    return { before, heardAfterMs, states };
  },

  /** Somebody who was rung, and has gone in ahead of the accept, with a microphone that is open. */
  async notAdmitted() {
    const room = newRoom();
    const a = new Side(room, 'ada:1');
    const carol = new Side(room, 'carol:1');
    a.engine.admit({ only: [] });
    await carol.engine.attach('microphone', tone());
    await Promise.all([a.connect(), carol.connect()]);
    await until(() => a.connected && carol.connected, 'both are there');
    await wait(1_000);
    const before = { bytes: await soundBytes(2_000), people: a.remote.length };
    a.engine.admit({ only: ['carol'] });
    await until(() => a.flowed.includes('carol'), 'carol is heard');
    const after = await soundBytes(1_000);
    a.engine.admit({ only: [] });
    await until(() => a.remote.length === 0, 'nobody');
    await wait(1_000);
    const again = await soundBytes(2_000);
    await Promise.all([a.engine.close(), carol.engine.close()]);
    return { before, after, again };
  },

  async screen() {
    const { a, b, close } = await pair(false);
    const canvas = document.createElement('canvas');
    canvas.width = 1280;
    canvas.height = 720;
    const context = canvas.getContext('2d');
    const draw = setInterval(() => context?.fillRect(Math.random() * 1200, Math.random() * 700, 80, 20), 50);
    const [track] = canvas.captureStream(15).getVideoTracks();
    if (!track) throw new Error('no screen');
    await b.engine.attach('screen', track);
    await until(() => a.of('bob')?.screen !== null && a.of('bob')?.screen !== undefined, 'a screen');
    const screen = a.of('bob')?.screen;
    const [seen] = screen instanceof MediaStream ? screen.getVideoTracks() : [];
    if (!seen) throw new Error('no screen');
    const view = new View(seen);
    await until(() => view.frames > 5 && view.width === 1280, 'the screen, whole');
    // The screen alone is counted.
    await a.engine.setVideoQuality('bob', 'off', 'camera');
    await wait(1_500);
    const whole = await pictureBytes(2_000);
    await a.engine.setVideoQuality('bob', 'low', 'screen');
    await until(() => view.width === 640, 'the screen, small');
    const small = await pictureBytes(2_000);
    await a.engine.setVideoQuality('bob', 'off', 'screen');
    await wait(1_500);
    const off = await pictureBytes(2_000);
    // It keeps its place: by that one knows that there is a screen.
    const known = a.of('bob')?.screen !== null;
    await a.engine.setVideoQuality('bob', 'high', 'screen');
    await until(() => view.width === 1280, 'the screen, whole again');
    await b.engine.attach('screen', null);
    await until(() => a.of('bob')?.screen === null, 'no screen');
    clearInterval(draw);
    const { readyState } = track;
    await close();
    return { readyState, whole, small, off, known };
  },

  async ends() {
    const { room, a, b, close } = await pair();
    await until(() => b.flowed.length > 0, 'flowing');
    await call('silence', room, 'bob:1');
    await until(() => b.silenced.length > 0, 'silenced');
    const again = new Side(room, 'ada:1');
    await again.connect();
    await until(() => a.ended.length > 0, 'put out by the other copy');
    await call('remove', room, 'bob:1');
    await until(() => b.ended.length > 0, 'removed');
    const refused = new Side(room, 'eve:1');
    await refused.engine.connect({
      selfId: 'eve',
      credentials: {
        engine: 'livekit',
        url: host.sfuUrl,
        token: 'no.such.token',
        roomName: room,
        uid: 'eve:1',
        expiresAt: '2099-01-01T00:00:00.000Z',
        iceServers: [],
        relayOnly: false,
      },
      epoch: 1,
    });
    await until(() => refused.ended.length > 0, 'refused');
    const result = { a: a.ended, b: b.ended, refused: refused.ended, silenced: b.silenced, state: a.states.at(-1) };
    await Promise.all([again.engine.close(), refused.engine.close(), close()]);
    return result;
  },

  /** The network of one of them changes: their path is made anew under what flows. */
  async hint() {
    const { a, b, close } = await pair();
    await until(() => a.flowed.length > 0 && b.flowed.length > 0, 'flowing');
    const ufrags = () =>
      [...connections].flatMap(({ connectionState, localDescription }) =>
        connectionState === 'closed' ? [] : [/a=ice-ufrag:(\S+)/.exec(localDescription?.sdp ?? '')?.[1] ?? ''],
      );
    const before = new Set(ufrags());
    a.engine.networkChanged();
    await until(() => ufrags().some((ufrag) => !before.has(ufrag)), 'an ICE restart');
    await wait(1_000);
    const heard = await soundBytes(1_000);
    const result = { heard, states: a.states.slice(), ended: a.ended.slice(), others: b.states.slice() };
    await close();
    return result;
  },

  async killed() {
    const { a, b, close } = await pair();
    await until(() => a.flowed.length > 0 && b.flowed.length > 0, 'flowing');
    await call('restart');
    await until(() => a.states.includes('reconnecting'), 'reconnecting');
    await until(() => a.connected && b.connected, 'both are back');
    await until(() => a.camera('bob') !== undefined && b.camera('ada') !== undefined, 'their pictures too');
    const [seenA, seenB] = [a.camera('bob'), b.camera('ada')];
    if (!seenA || !seenB) throw new Error('no pictures');
    const views = [new View(seenA), new View(seenB)];
    await until(() => views.every(({ frames }) => frames > 5), 'frames on both sides');
    const result = { states: a.states.slice(), people: [a.remote.length, b.remote.length] };
    await close();
    return result;
  },
};

export type Scenarios = typeof scenarios;
Object.assign(globalThis, { scenarios });
