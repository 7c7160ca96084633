import type { MediaConnectionState } from '@parley/client';
import { CountingIds, contextFor, FakeSignallingWire, uuidOf } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { P2pEngine } from '../src/index.ts';
import { P2pBench } from './p2p-bench.ts';

let bench: P2pBench;
let states: MediaConnectionState[];
let flowed: string[];

beforeEach(() => {
  bench = new P2pBench();
  states = [];
  flowed = [];
  bench.a.engine.on('state', (state) => states.push(state));
  bench.a.engine.on('flowing', (userId) => flowed.push(userId));
});
afterEach(() => bench.dispose());

const connected = () => bench.clock.until(() => states.at(-1) === 'connected', 'connected');
const kinds = () => bench.wire.log.map(({ message }) => JSON.parse(message.payload).kind);
const wireOf = (payload: string) => JSON.parse(payload);
const openConnections = () => bench.webRtc.open;

describe('negotiation', () => {
  it('has one offer, made by the initiator, and one answer', async () => {
    await bench.connect();
    await connected();
    const descriptions = bench.wire.log.filter(({ message }) => wireOf(message.payload).kind === 'description');
    expect(descriptions.map(({ message }) => [message.from, wireOf(message.payload).description.type])).toEqual([
      [expect.stringMatching(/11$/), 'offer'],
      [expect.stringMatching(/12$/), 'answer'],
    ]);
  });

  it('attaches and takes away tracks without another one', async () => {
    await bench.connect();
    await connected();
    await bench.a.engine.attach('camera', bench.track('video'));
    await bench.b.engine.attach('microphone', bench.track('audio'));
    await bench.a.engine.attach('camera', null);
    expect(openConnections().map(({ offersMade }) => offersMade)).toEqual([1, 0]);
  });

  it('puts a camera in without waiting for the microphone’s turn in the browser', async () => {
    await bench.connect();
    await connected();
    const [microphone, camera] = openConnections()[0]?.getTransceivers() ?? [];
    if (microphone) microphone.sender.replaceTrack = () => new Promise(() => {});
    const picture = bench.track('video');
    void bench.a.engine.attach('microphone', bench.track('audio'));
    await bench.clock.advance(100);
    void bench.a.engine.attach('camera', picture);
    await bench.clock.advance(100);
    expect(camera?.sender.track).toBe(picture);
  });

  it('puts nothing into a connection that was closed while a track waited for its turn', async () => {
    await bench.connect();
    await connected();
    const [microphone] = openConnections()[0]?.getTransceivers() ?? [];
    if (!microphone) throw new Error('a place was expected');
    let free = () => {};
    let turns = 0;
    microphone.sender.replaceTrack = () => {
      turns += 1;
      return new Promise((resolve) => {
        free = resolve;
      });
    };
    void bench.a.engine.attach('microphone', bench.track('audio'));
    await bench.clock.advance(100);
    const second = bench.a.engine.attach('microphone', bench.track('audio'));
    await bench.a.engine.close();
    free();
    await second;
    expect(turns).toBe(1);
  });

  it('has a place for sound and one for the picture on both sides, which send and receive', async () => {
    await bench.connect();
    await connected();
    for (const connection of openConnections()) {
      expect(connection.getTransceivers().map(({ direction, receiver }) => [receiver.track.kind, direction])).toEqual([
        ['audio', 'sendrecv'],
        ['video', 'sendrecv'],
      ]);
    }
  });

  it('bounds the picture to 1.5 Mbit/s and 30 frames', async () => {
    await bench.connect();
    await connected();
    await bench.clock.advance(100);
    for (const connection of openConnections()) {
      expect(connection.getTransceivers()[1]?.sender.parameters).toMatchObject({
        encodings: [{ maxBitrate: 1_500_000, maxFramerate: 30 }],
        degradationPreference: 'balanced',
      });
    }
  });

  it('sends the other side what it asks for, also what it has asked before it was connected, and all again after its reload', async () => {
    const sent = () => {
      const [open] = openConnections();
      const { active, maxBitrate, scaleResolutionDownBy } =
        open?.getTransceivers()[1]?.sender.parameters.encodings[0] ?? {};
      return [active, maxBitrate, scaleResolutionDownBy];
    };
    await bench.b.engine.setVideoQuality(null, 'off', 'camera');
    await bench.connect();
    await connected();
    await bench.clock.advance(100);
    expect(sent()[0]).toBe(false);
    await bench.b.engine.setVideoQuality(bench.a.context.selfId, 'low');
    await bench.clock.advance(100);
    expect(sent()).toEqual([true, 150_000, 4]);
    await bench.b.engine.setVideoQuality(bench.a.context.selfId, 'high');
    await bench.clock.advance(100);
    expect(sent()).toEqual([true, 1_500_000, 1]);
    await bench.b.engine.setVideoQuality(bench.a.context.selfId, 'off');
    await bench.clock.advance(100);
    const again = bench.reload('b');
    await again.engine.connect(again.context);
    await connected();
    await bench.clock.advance(100);
    expect(sent()).toEqual([true, 1_500_000, 1]);
  });

  it('takes a camera that comes while it is going on', async () => {
    await bench.a.engine.attach('microphone', bench.track('audio'));
    await bench.connect();
    const camera = bench.track('video');
    await bench.b.engine.attach('camera', camera);
    await connected();
    await bench.clock.advance(100);
    const tracks = openConnections().flatMap((connection) =>
      connection.getTransceivers().map(({ sender }) => sender.track),
    );
    expect(tracks).toContain(camera);
  });
});

describe('a wire that loses messages', () => {
  it.each(['description', 'candidate', 'hello'])('connects though every first %s is lost', async (kind) => {
    const lost = new Set<string>();
    bench.wire.lose = (message) => {
      const { kind: sent, session } = wireOf(message.payload);
      const key = `${message.from}:${session}:${sent}`;
      if (sent !== kind || lost.has(key)) return false;
      lost.add(key);
      return true;
    };
    await bench.connect();
    await connected();
  });

  it('connects when the other side comes much later', async () => {
    await bench.a.engine.connect(bench.a.context);
    await bench.clock.advance(20_000);
    await bench.b.engine.connect(bench.b.context);
    await connected();
  });

  it('does not offer without end once it is connected', async () => {
    await bench.connect();
    await connected();
    const sent = bench.wire.log.length;
    await bench.clock.advance(60_000);
    expect(bench.wire.log.length).toBe(sent);
  });
});

describe('sessions', () => {
  it.each(['a', 'b'] as const)('begin afresh on both sides when %s reloads, with one connection each', async (side) => {
    await bench.connect();
    await connected();
    const stays = side === 'a' ? bench.b : bench.a;
    const again = bench.reload(side);
    const seen: MediaConnectionState[] = [];
    again.engine.on('state', (state) => seen.push(state));
    await again.engine.connect(again.context);
    await bench.clock.until(() => seen.at(-1) === 'connected', 'connected after the reload');
    await bench.clock.advance(10_000);
    expect(openConnections()).toHaveLength(2);
    expect(openConnections().map(({ connectionState }) => connectionState)).toEqual(['connected', 'connected']);
    await stays.engine.close();
    await again.engine.close();
  });

  it('begin afresh when both reload at once', async () => {
    await bench.connect();
    await connected();
    const a = bench.reload('a');
    const b = bench.reload('b');
    const seen: MediaConnectionState[] = [];
    a.engine.on('state', (state) => seen.push(state));
    await Promise.all([a.engine.connect(a.context), b.engine.connect(b.context)]);
    await bench.clock.until(() => seen.at(-1) === 'connected', 'connected after the reloads');
    await bench.clock.advance(10_000);
    expect(openConnections()).toHaveLength(2);
    await a.engine.close();
  });

  it('do not listen to what belongs to an old one', async () => {
    await bench.connect();
    await connected();
    const old = bench.wire.log.filter(({ message }) => message.from.endsWith('12'));
    const again = bench.reload('b');
    await again.engine.connect(again.context);
    await bench.clock.until(() => openConnections().every((c) => c.connectionState === 'connected'), 'both connected');
    const before = openConnections().map(({ id }) => id);
    for (const { to, message } of old) bench.wire.carry(to, message);
    await bench.clock.advance(5_000);
    expect(openConnections().map(({ id }) => id)).toEqual(before);
  });
});

describe('a broken path', () => {
  beforeEach(async () => {
    await bench.connect();
    await connected();
  });

  it('that comes back by itself needs no restart', async () => {
    bench.webRtc.cut();
    await bench.clock.advance(1_000);
    bench.webRtc.mend();
    await connected();
    expect(openConnections()[0]?.offersMade).toBe(1);
  });

  it('that is gone is mended by an ICE restart of the side that offers', async () => {
    bench.webRtc.cut(true);
    await bench.clock.until(() => states.at(-1) === 'reconnecting', 'reconnecting');
    bench.webRtc.mend();
    await connected();
    expect(openConnections()[0]?.offersMade).toBeGreaterThan(1);
  });

  it('is called failed after 30 s, and still comes back', async () => {
    bench.webRtc.cut(true);
    await bench.clock.until(() => states.at(-1) === 'failed', 'failed');
    bench.webRtc.mend();
    bench.a.engine.networkChanged();
    await connected();
  });

  it('is tried with growing pauses', async () => {
    bench.webRtc.cut(true);
    await bench.clock.advance(60_000);
    const offers = [...bench.webRtc.connections.values()].reduce((sum, { offersMade }) => sum + offersMade, 0);
    expect(offers).toBeLessThan(40);
  });

  it('is asked for by the side that does not offer', async () => {
    bench.b.engine.networkChanged();
    await bench.clock.until(() => kinds().includes('restart'), 'a request');
    await bench.clock.until(() => openConnections().some(({ offersMade }) => offersMade === 2), 'an ICE restart');
    await connected();
  });
});

describe('a path on which nothing comes any more, though it is said to be up', () => {
  const offers = () => openConnections().reduce((sum, { offersMade }) => sum + offersMade, 0);
  beforeEach(async () => {
    await bench.a.engine.attach('microphone', bench.track('audio'));
    await bench.b.engine.attach('microphone', bench.track('audio'));
    await bench.connect();
    await connected();
    await bench.clock.advance(5_000);
    expect(offers()).toBe(1);
  });

  it('is mended by an ICE restart after two seconds without a packet, before anybody calls it broken', async () => {
    bench.webRtc.silent = true;
    await bench.clock.advance(1_500);
    expect(offers()).toBe(1);
    await bench.clock.advance(1_500);
    expect(offers()).toBe(2);
    expect(states.at(-1)).toBe('connected');
  });

  it('is tried again with growing pauses, and left alone once something comes', async () => {
    bench.webRtc.silent = true;
    await bench.clock.advance(60_000);
    const tried = offers();
    expect(tried).toBeGreaterThan(3);
    expect(tried).toBeLessThan(12);
    bench.webRtc.silent = false;
    await bench.clock.advance(60_000);
    expect(offers()).toBe(tried);
  });

  it('is not disturbed where no sound is to be expected: the other side has taken its microphone away', async () => {
    await bench.b.engine.attach('microphone', null);
    await bench.a.engine.attach('microphone', null);
    await bench.clock.advance(1_000);
    bench.webRtc.silent = true;
    await bench.clock.advance(30_000);
    expect(offers()).toBe(1);
  });

  it('is mended once for all hints of one change', async () => {
    for (let hint = 0; hint < 3; hint += 1) bench.a.engine.networkChanged();
    await bench.clock.advance(100);
    expect(offers()).toBe(2);
  });

  describe('after a hint that the network of one side has changed', () => {
    const carries = () =>
      bench.clock.until(() => states.at(-1) === 'connected' && openConnections().length === 2, 'connected again');
    /** Those of now. */
    const ids = () => openConnections().map(({ id }) => id);
    let before: readonly unknown[];
    beforeEach(() => {
      before = ids();
      bench.webRtc.silent = true;
    });

    it.each(['a', 'b'] as const)('gives way to a connection of its own, whoever it is (%s)', async (side) => {
      await bench.clock.advance(700);
      bench[side].engine.networkChanged();
      await bench.clock.advance(300);
      bench.webRtc.silent = false;
      await carries();
      expect(ids().filter((id) => before.includes(id))).toEqual([]);
      await bench.clock.until(
        () => openConnections().every(({ connectionState }) => connectionState === 'connected'),
        'both',
      );
      // And stays: what was due for the one before does not disturb it.
      const now = openConnections().map(({ id, offersMade }) => [id, offersMade]);
      await bench.clock.advance(20_000);
      expect(openConnections().map(({ id, offersMade }) => [id, offersMade])).toEqual(now);
    });

    it('gives way where both sides change their networks at once', async () => {
      await bench.clock.advance(700);
      bench.a.engine.networkChanged();
      bench.b.engine.networkChanged();
      await bench.clock.advance(300);
      bench.webRtc.silent = false;
      // Sooner than what is said again after three seconds.
      await bench.clock.advance(1_500);
      expect(openConnections().map(({ connectionState }) => connectionState)).toEqual(['connected', 'connected']);
      expect(ids().filter((id) => before.includes(id))).toEqual([]);
    });

    it('is kept while nothing can be said to the other side, and replaced as soon as it can', async () => {
      bench.ends.b.isOnline = false;
      await bench.clock.advance(700);
      bench.b.engine.networkChanged();
      await bench.clock.advance(1_500);
      expect(ids()).toEqual(before);
      bench.ends.b.isOnline = true;
      await bench.clock.advance(500);
      bench.webRtc.silent = false;
      await carries();
      expect(ids().filter((id) => before.includes(id))).toEqual([]);
    });

    it('is not replaced time and again on a network that stays bad', async () => {
      await bench.clock.advance(700);
      bench.b.engine.networkChanged();
      await bench.clock.advance(1_000);
      const now = ids();
      expect(now).not.toEqual(before);
      for (let hint = 0; hint < 6; hint += 1) {
        bench.b.engine.networkChanged();
        await bench.clock.advance(2_000);
      }
      expect(ids()).toEqual(now);
    });

    it('stays where something comes again at once, as of a network that was away for a moment', async () => {
      await bench.clock.advance(700);
      bench.a.engine.networkChanged();
      bench.webRtc.silent = false;
      await bench.clock.advance(20_000);
      expect(ids()).toEqual(before);
    });
  });

  it('is mended by the offer that is on its way: the next hint says it once more, and makes no other one', async () => {
    bench.wire.lose = () => true;
    bench.a.engine.networkChanged();
    await bench.clock.advance(600);
    bench.wire.lose = () => false;
    bench.a.engine.networkChanged();
    await bench.clock.advance(0);
    expect(openConnections().map(({ signalingState }) => signalingState)).toEqual(['stable', 'stable']);
    expect(offers()).toBe(2);
  });

  it('has the offer of its restart said again when the other side asks for one: the first may have been lost', async () => {
    bench.wire.lose = () => true;
    bench.a.engine.networkChanged();
    await bench.clock.advance(0);
    bench.wire.lose = () => false;
    bench.b.engine.networkChanged();
    await bench.clock.advance(600);
    expect(openConnections().map(({ signalingState }) => signalingState)).toEqual(['stable', 'stable']);
    expect(offers()).toBe(2);
  });
});

describe('newer credentials', () => {
  const relay = (username: string) => ({ urls: ['turn:turn.parley.test'], username, credential: 'secret' });
  const newer = () => ({ ...bench.a.context.credentials, iceServers: [relay('newer')] });

  it('are in each connection before it is mended, and make no offer by themselves', async () => {
    await bench.connect();
    await connected();
    for (const { engine } of [bench.a, bench.b]) await engine.renew(newer());
    expect(openConnections().map(({ offersMade }) => offersMade)).toEqual([1, 0]);
    bench.webRtc.cut(true);
    bench.webRtc.mend();
    await bench.clock.until(() => (openConnections()[0]?.offersMade ?? 0) > 1, 'an ICE restart');
    for (const { configurations } of openConnections()) {
      expect(configurations).toMatchObject([{ iceServers: [relay('newer')] }]);
      expect(configurations[0]?.afterOffers).toBeLessThanOrEqual(1);
    }
    await connected();
  });

  it('are what a connection begins with that is made later', async () => {
    await bench.connect();
    await connected();
    await bench.a.engine.renew(newer());
    const again = bench.reload('b');
    await again.engine.connect(again.context);
    await connected();
    expect(bench.begunWith.at(-1)).toEqual([relay('newer')]);
  });
});

describe('flowing', () => {
  it('waits for sound where the other side has a microphone', async () => {
    await bench.b.engine.attach('microphone', bench.track('audio'));
    await bench.connect();
    await connected();
    await bench.clock.until(() => flowed.length > 0, 'flowing');
  });

  it('does not wait for sound that cannot come', async () => {
    await bench.a.engine.attach('microphone', bench.track('audio'));
    await bench.connect();
    await bench.clock.until(() => flowed.length > 0, 'flowing');
  });
});

describe('a mesh', () => {
  it('has one connection for each two, hears of each person once, and shares out the picture', async () => {
    const names = [1, 2, 3, 4].map((n) => ({ userId: uuidOf(n), instanceId: uuidOf(0x20 + n) }));
    const wire = new FakeSignallingWire();
    const ids = new CountingIds(0x9000);
    const engines = names.map((self) => {
      const others = names
        .filter((other) => other !== self)
        .map((other) => ({ ...other, polite: self.userId > other.userId }));
      return new P2pEngine(wire.end(self.instanceId, others), {
        connection: () => bench.webRtc.connect(),
        reconfigure: () => undefined,
        stream: () => bench.webRtc.stream(),
        uuid: () => ids.uuid(),
        now: () => bench.clock.now(),
        setTimeout: (run, ms) => bench.clock.setTimeout(run, ms),
        clearTimeout: (handle) => bench.clock.clearTimeout(handle),
      });
    });
    const heard = engines.map((engine) => {
      const people: string[] = [];
      engine.on('flowing', (userId) => people.push(userId));
      return people;
    });
    for (const [index, engine] of engines.entries()) {
      await engine.attach('microphone', bench.track('audio'));
      await engine.connect(contextFor(names[index]?.userId ?? ''));
    }
    await bench.clock.until(() => heard.every((people) => people.length === 3), 'everybody hears everybody');
    expect(openConnections()).toHaveLength(12);
    await bench.clock.advance(100);
    for (const connection of openConnections())
      expect(connection.getTransceivers()[1]?.sender.parameters.encodings[0]?.maxBitrate).toBe(600_000);
    const [stays, ...go] = engines;
    for (const engine of go) await engine.close();
    await stays?.close();
  });
});

it('survives nonsense on the wire, and does not speak with whoever holds no seat', async () => {
  await bench.connect();
  await connected();
  const to = bench.wire.log.find(({ message }) => message.from.endsWith('12'))?.to ?? '';
  const from = bench.wire.log.find(({ message }) => message.from.endsWith('12'))?.message.from ?? '';
  const payloads = ['', 'null', '{}', '{"v":1,"session":"x","toSession":null,"kind":"description"}', '{"v":2}'];
  for (const payload of payloads) bench.wire.carry(to, { from, generation: 1, payload });
  const stranger = { v: 1, session: 'stranger', toSession: null, kind: 'hello' };
  bench.wire.carry(to, { from: 'nobody', generation: 1, payload: JSON.stringify(stranger) });
  await bench.clock.advance(5_000);
  expect(states.at(-1)).toBe('connected');
  expect(openConnections()).toHaveLength(2);
});
