/** Runs in Chromium: two engines of one page on the browser's own WebRTC, over the loopback interface. */
import type { MediaConnectionState, Peer, PeerMessage, PeerSignalling, RemoteMedia } from '@parley/client';
import { P2pEngine, webRtcPlatform } from '../src/index.ts';

const CREDENTIALS = {
  engine: 'p2p',
  url: null,
  token: null,
  roomName: 'room',
  uid: 'uid',
  expiresAt: '2099-01-01T00:00:00.000Z',
  iceServers: [],
  relayOnly: false,
} as const;

/** Carries messages in order, as the relay does, and remembers them. */
class Wire {
  readonly log: { readonly kind: string; readonly sdp: string }[] = [];
  readonly #listeners = new Map<string, Set<(message: PeerMessage) => void>>();

  /** With one other, or with several: then the smaller name offers. */
  end(self: string, others: string | readonly string[], polite: boolean): PeerSignalling {
    const peers: Peer[] =
      typeof others === 'string'
        ? [{ userId: `user-${others}`, instanceId: others, polite }]
        : others.map((other) => ({ userId: `user-${other}`, instanceId: other, polite: self > other }));
    const listeners = new Set<(message: PeerMessage) => void>();
    this.#listeners.set(self, listeners);
    return {
      peers: () => peers,
      onPeers: () => () => undefined,
      isOnline: true,
      send: (to, generation, payload) => {
        const { kind, description } = JSON.parse(payload);
        this.log.push({ kind: description?.type ?? kind, sdp: description?.sdp ?? '' });
        queueMicrotask(() => {
          for (const listener of this.#listeners.get(to) ?? []) listener({ from: self, generation, payload });
        });
      },
      onMessage: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  }
}

class Side {
  readonly states: MediaConnectionState[] = [];
  readonly streams = new Set<MediaStream>();
  flowed = false;
  readonly engine: P2pEngine;
  readonly #self: string;

  readonly flowing = new Set<string>();
  remote: readonly RemoteMedia[] = [];

  constructor(wire: Wire, self: string, other: string | readonly string[], polite: boolean) {
    this.#self = self;
    this.engine = new P2pEngine(
      wire.end(self, other, polite),
      webRtcPlatform(globalThis, () => crypto.randomUUID(), { viewsFollow: true }),
    );
    this.engine.on('state', (state) => this.states.push(state));
    this.engine.on('flowing', (userId) => {
      this.flowed = true;
      this.flowing.add(userId);
    });
    this.engine.on('remote', (remote) => {
      this.remote = remote;
      const stream = remote[0]?.stream;
      if (stream instanceof MediaStream) this.streams.add(stream);
    });
  }

  connect(): Promise<void> {
    return this.engine.connect({
      selfId: `user-${this.#self}`,
      credentials: { ...CREDENTIALS, iceServers: [] },
      epoch: 1,
    });
  }

  get connected(): boolean {
    return this.states.at(-1) === 'connected';
  }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 15_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`did not come about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function capture(): Promise<{ audio: MediaStreamTrack; video: MediaStreamTrack }> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240 } });
  const [audio] = stream.getAudioTracks();
  const [video] = stream.getVideoTracks();
  if (!audio || !video) throw new Error('no fake devices');
  return { audio, video };
}

/** Resolves once new frames are drawn. */
async function framesAdvance(stream: MediaStream): Promise<number> {
  const view = document.createElement('video');
  view.muted = true;
  view.srcObject = stream;
  await view.play();
  const frame = () => new Promise((resolve) => view.requestVideoFrameCallback(resolve));
  await frame();
  await frame();
  return view.videoWidth;
}

const only = (side: Side): MediaStream => {
  const [stream] = side.streams;
  if (!stream) throw new Error('no remote stream');
  return stream;
};

const scenarios = {
  async both() {
    const wire = new Wire();
    const a = new Side(wire, 'a', 'b', false);
    const b = new Side(wire, 'b', 'a', true);
    for (const side of [a, b]) {
      const { audio, video } = await capture();
      await side.engine.attach('microphone', audio);
      await side.engine.attach('camera', video);
    }
    await Promise.all([a.connect(), b.connect()]);
    await until(() => a.connected && b.connected && a.flowed && b.flowed, 'media on both sides');
    const widths = [await framesAdvance(only(a)), await framesAdvance(only(b))];
    // Not before the other side has reported what it lost of it (RTCP) is there a figure of that.
    let stats = await a.engine.stats();
    const told = async () => {
      for (let look = 0; look < 80 && (stats.sentLossPercent === null || stats.freezes === null); look += 1) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        stats = await a.engine.stats();
      }
    };
    await told();
    const offers = wire.log.filter(({ kind }) => kind === 'offer');
    await Promise.all([a.engine.close(), b.engine.close()]);
    return { states: a.states, widths, stats, offers: offers.length, opus: offers[0]?.sdp.includes('usedtx=1') };
  },

  async withoutDevices() {
    const wire = new Wire();
    const a = new Side(wire, 'a', 'b', false);
    const b = new Side(wire, 'b', 'a', true);
    await Promise.all([a.connect(), b.connect()]);
    await until(() => a.flowed && b.flowed, 'flowing without devices');
    const { video } = await capture();
    const before = wire.log.filter(({ kind }) => kind === 'offer').length;
    await b.engine.attach('camera', video);
    const width = await framesAdvance(only(a));
    const after = wire.log.filter(({ kind }) => kind === 'offer').length;
    await Promise.all([a.engine.close(), b.engine.close()]);
    return { width, negotiatedAgain: after - before };
  },

  async reload(who: 'a' | 'b') {
    const wire = new Wire();
    const sides = { a: new Side(wire, 'a', 'b', false), b: new Side(wire, 'b', 'a', true) };
    await Promise.all([sides.a.connect(), sides.b.connect()]);
    await until(() => sides.a.flowed && sides.b.flowed, 'flowing');
    const stays = who === 'a' ? sides.b : sides.a;
    await sides[who].engine.close();
    const again = new Side(wire, who, who === 'a' ? 'b' : 'a', who === 'b');
    const { audio, video } = await capture();
    await again.engine.attach('microphone', audio);
    await again.engine.attach('camera', video);
    await again.connect();
    await until(() => again.connected && again.flowed && stays.connected, 'connected after the reload');
    const width = await framesAdvance(only(stays));
    const result = { width, streams: stays.streams.size };
    await Promise.all([again.engine.close(), stays.engine.close()]);
    return result;
  },

  async screen(who: 'a' | 'b') {
    const wire = new Wire();
    const sides = { a: new Side(wire, 'a', 'b', false), b: new Side(wire, 'b', 'a', true) };
    const watcher = sides[who === 'a' ? 'b' : 'a'];
    const { audio, video } = await capture();
    await sides[who].engine.attach('microphone', audio);
    await sides[who].engine.attach('camera', video);
    await Promise.all([sides.a.connect(), sides.b.connect()]);
    await until(() => sides.a.flowed && sides.b.flowed, 'flowing');
    const canvas = document.createElement('canvas');
    canvas.width = 800;
    canvas.height = 450;
    const context = canvas.getContext('2d');
    const draw = setInterval(() => context?.fillRect(Math.random() * 700, Math.random() * 400, 80, 20), 50);
    const [screen] = canvas.captureStream(15).getVideoTracks();
    if (!screen) throw new Error('no screen');
    const screenOf = () => watcher.remote[0]?.screen ?? null;
    const widths: number[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      await sides[who].engine.attach('screen', screen);
      await until(() => screenOf() !== null, 'a screen');
      const seen = screenOf();
      if (seen instanceof MediaStream) widths.push(await framesAdvance(seen));
      await sides[who].engine.attach('screen', null);
      await until(() => screenOf() === null, 'no screen');
    }
    const camera = await framesAdvance(only(watcher));
    clearInterval(draw);
    const offers = wire.log.filter(({ kind }) => kind === 'offer').length;
    const states = sides.a.states.slice();
    await Promise.all([sides.a.engine.close(), sides.b.engine.close()]);
    return { widths, camera, offers, states };
  },

  async mesh() {
    const wire = new Wire();
    const names = ['a', 'b', 'c', 'd'];
    const sides = names.map(
      (self) =>
        new Side(
          wire,
          self,
          names.filter((other) => other !== self),
          false,
        ),
    );
    const { audio, video } = await capture();
    for (const { engine } of sides) {
      await engine.attach('microphone', audio);
      await engine.attach('camera', video);
    }
    await Promise.all(sides.map((side) => side.connect()));
    await until(() => sides.every(({ flowing }) => flowing.size === 3), 'everybody hears everybody');
    const widths: number[] = [];
    for (const { remote } of sides)
      for (const { stream } of remote) if (stream instanceof MediaStream) widths.push(await framesAdvance(stream));
    const stats = await sides[0]?.engine.stats();
    await Promise.all(sides.map(({ engine }) => engine.close()));
    return { pictures: widths.filter((width) => width > 0).length, path: stats?.path };
  },

  async networkChange(who: 'a' | 'b') {
    const wire = new Wire();
    const sides = { a: new Side(wire, 'a', 'b', false), b: new Side(wire, 'b', 'a', true) };
    const { audio, video } = await capture();
    await sides.b.engine.attach('microphone', audio);
    await sides.b.engine.attach('camera', video);
    await Promise.all([sides.a.connect(), sides.b.connect()]);
    await until(() => sides.a.flowed && sides.b.flowed, 'flowing');
    const fragment = (sdp: string | undefined) => /a=ice-ufrag:(\S+)/.exec(sdp ?? '')?.[1];
    // Newer servers in a call that goes on: Chromium takes them, and gathers from them at the restart.
    const iceServers = [{ urls: ['turn:127.0.0.1:9'], username: 'newer', credential: 'secret' }];
    for (const side of [sides.a, sides.b]) await side.engine.renew({ ...CREDENTIALS, iceServers });
    sides[who].engine.networkChanged();
    const offers = () => wire.log.filter(({ kind }) => kind === 'offer');
    await until(() => offers().length === 2, 'an ICE restart');
    const width = await framesAdvance(only(sides.a));
    await until(() => sides.a.connected && sides.b.connected, 'still connected');
    const restarted = fragment(offers()[0]?.sdp) !== fragment(offers()[1]?.sdp);
    await Promise.all([sides.a.engine.close(), sides.b.engine.close()]);
    return { width, restarted };
  },
};

export type Scenarios = typeof scenarios;
Object.assign(globalThis, { scenarios });
