import type { MediaConnectionState, MediaEndReason, RemoteMedia } from '@parley/client';
import { type EngineSide, uuidOf } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALL_RIGHTS } from './fake-sfu.ts';
import { A, B, C, identityOf, LiveKitBench } from './livekit-bench.ts';

let bench: LiveKitBench;
let states: MediaConnectionState[];
let flowed: string[];
let ended: MediaEndReason[];
let remote: readonly RemoteMedia[];

beforeEach(() => {
  bench = new LiveKitBench();
  states = [];
  flowed = [];
  ended = [];
  remote = [];
  listen(bench.a);
});
afterEach(() => bench.dispose());

function listen({ engine }: EngineSide): void {
  engine.on('state', (state) => states.push(state));
  engine.on('flowing', (userId) => flowed.push(userId));
  engine.on('ended', (reason) => ended.push(reason));
  engine.on('remote', (media) => {
    remote = media;
  });
}

const connect = (...sides: EngineSide[]) => Promise.all(sides.map(({ engine, context }) => engine.connect(context)));
const connected = () => bench.clock.until(() => states.at(-1) === 'connected', 'connected');
const withMedia = async (side: EngineSide) => {
  await side.engine.attach('microphone', bench.track('audio'));
  await side.engine.attach('camera', bench.track('video'));
};
const roomOf = (userId: string) => {
  const room = bench.sfu.of(identityOf(userId));
  if (!room) throw new Error('not in the room');
  return room;
};
/** Whoever is let in waits for their path until this is called. */
function pathToBeFound(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  bench.sfu.finding = promise;
  return resolve;
}
const cameraWant = () => roomOf(A).wantOf(identityOf(B), 'camera');

describe('what is received', () => {
  beforeEach(async () => {
    await withMedia(bench.b);
    await connect(bench.a, bench.b);
    await bench.clock.until(() => flowed.includes(B), 'flowing');
  });

  it('is sound of everybody and a small picture, until something else is asked for', async () => {
    expect(roomOf(A).wantOf(identityOf(B), 'microphone')).toBe('high');
    expect(cameraWant()).toBe('low');
    await bench.a.engine.setVideoQuality(B, 'high');
    expect(cameraWant()).toBe('high');
  });

  it('is no picture out of sight, which is let go after a while, and comes back when it is seen', async () => {
    await bench.a.engine.setVideoQuality(B, 'off');
    expect(cameraWant()).toBe('off');
    await bench.clock.advance(14_000);
    expect(cameraWant()).toBe('off');
    await bench.clock.advance(2_000);
    expect(cameraWant()).toBe('none');
    await bench.a.engine.setVideoQuality(B, 'low');
    expect(cameraWant()).toBe('low');
  });

  it('follows what was asked for somebody who comes later, or for everybody', async () => {
    await bench.a.engine.setVideoQuality(null, 'off');
    await bench.a.engine.setVideoQuality(B, 'high');
    const c = bench.side(C);
    await withMedia(c);
    await connect(c);
    await bench.clock.until(() => flowed.includes(C), 'a third');
    expect(roomOf(A).wantOf(identityOf(C), 'camera')).toBeNull();
    expect(cameraWant()).toBe('high');
  });

  it('comes unasked of few people, and is asked for of many', async () => {
    const enter = async (who: string, only: readonly string[]) => {
      const side = bench.side(who);
      side.engine.admit({ only });
      await side.engine.connect(side.context);
      await bench.clock.until(() => bench.sfu.of(identityOf(who)) !== undefined, 'inside');
      return roomOf(who).everything;
    };
    expect(await enter(C, [B])).toBe(true);
    expect(roomOf(C).wantOf(identityOf(B), 'microphone')).toBe('high');
    // As the screens do once they are drawn: nobody is named any more, and those in sight are.
    const enterNamed = async (who: string, quality: 'low' | 'off') => {
      const side = bench.side(who);
      side.engine.admit({ only: [B] });
      await side.engine.setVideoQuality(null, 'off');
      await side.engine.setVideoQuality(B, quality);
      await side.engine.connect(side.context);
      await bench.clock.until(() => bench.sfu.of(identityOf(who)) !== undefined, 'inside');
      return roomOf(who).everything;
    };
    expect(await enterNamed(uuidOf(5), 'low')).toBe(true);
    expect(await enterNamed(uuidOf(6), 'off')).toBe(false);
    const many = Array.from({ length: 10 }, (_, index) => uuidOf(0x900 + index));
    expect(await enter(uuidOf(4), many)).toBe(false);
  });

  it('of another device of oneself is let go, though it came unasked', async () => {
    const other = bench.side(C, 'd2');
    await withMedia(other);
    const side = bench.side(C);
    side.engine.admit({ only: [B, C] });
    await connect(other, side);
    await bench.clock.until(() => roomOf(C).wantOf(identityOf(C, 'd2'), 'microphone') === 'none', 'let go');
  });

  it('of whoever takes no part is let go, though it came unasked', async () => {
    const side = bench.side(C);
    side.engine.admit({ only: [A] });
    await side.engine.connect(side.context);
    await bench.clock.until(() => roomOf(C).wantOf(identityOf(B), 'microphone') === 'none', 'let go');
  });

  it('is a screen at full size, in a stream of its own, with its sound', async () => {
    await bench.b.engine.attach('screen', bench.track('video'));
    await bench.b.engine.attach('screen_audio', bench.track('audio'));
    await bench.clock.until(() => (remote[0]?.screen?.getTracks().length ?? 0) === 2, 'a screen');
    expect(roomOf(A).wantOf(identityOf(B), 'screen')).toBe('high');
    expect(remote[0]?.stream?.getTracks()).toHaveLength(2);
    await bench.b.engine.attach('screen', null);
    await bench.b.engine.attach('screen_audio', null);
    await bench.clock.until(() => remote[0]?.screen === null, 'no screen');
  });

  it('comes of no other device of oneself, and of a person once', async () => {
    const own = bench.side(A, 'd2');
    const second = bench.side(B, 'd2');
    await withMedia(own);
    await connect(own, second);
    await bench.clock.advance(3_000);
    expect(remote.map(({ userId }) => userId)).toEqual([B]);
    expect(roomOf(A).wantOf(identityOf(A, 'd2'), 'microphone')).toBeNull();
  });
});

describe('what is sent', () => {
  it('is said once it is on its way, and not again when it is exchanged', async () => {
    const sent: string[] = [];
    bench.a.engine.on('sent', (source) => sent.push(source));
    await bench.a.engine.attach('microphone', bench.track('audio'));
    expect(sent).toEqual([]);
    await connect(bench.a);
    await connected();
    await bench.clock.until(() => sent.length > 0, 'sent');
    await bench.a.engine.attach('microphone', bench.track('audio'));
    expect(sent).toEqual(['microphone']);
  });

  it('goes to a server that has let one in while the path is still being found', async () => {
    const found = pathToBeFound();
    const sent: string[] = [];
    bench.a.engine.on('sent', (source) => sent.push(source));
    await withMedia(bench.a);
    await connect(bench.a);
    await bench.clock.until(() => sent.length === 2, 'published');
    expect(states).toEqual(['connecting']);
    found();
    await connected();
    await bench.clock.advance(10);
    expect([...roomOf(A).publications.keys()]).toEqual(sent);
  });

  it('goes to the next room where there was no path to one that had let one in', async () => {
    const sent: string[] = [];
    bench.a.engine.on('sent', (source) => sent.push(source));
    const found = pathToBeFound();
    await bench.a.engine.attach('microphone', bench.track('audio'));
    await connect(bench.a);
    await bench.clock.until(() => sent.length > 0, 'published');
    bench.sfu.path = 'down';
    found();
    await bench.clock.advance(10);
    bench.sfu.path = 'up';
    await connected();
    await bench.clock.until(() => sent.length > 1, 'published again');
    await bench.clock.advance(10);
    expect([...roomOf(A).publications.keys()]).toEqual(['microphone']);
  });

  it('stays published while the camera is off and the microphone is exchanged', async () => {
    const first = bench.track('audio');
    await bench.a.engine.attach('microphone', first);
    await bench.a.engine.attach('camera', bench.track('video'));
    await connect(bench.a);
    await connected();
    await bench.clock.advance(10);
    const { publications } = roomOf(A);
    const ids = () => [publications.get('microphone')?.id, publications.get('camera')?.id];
    const before = ids();
    await bench.a.engine.attach('camera', null);
    expect(publications.get('camera')?.muted).toBe(true);
    const other = bench.track('audio');
    await bench.a.engine.attach('microphone', other);
    const camera = bench.track('video');
    await bench.a.engine.attach('camera', camera);
    expect(publications.get('camera')).toMatchObject({ muted: false, track: camera });
    expect(publications.get('microphone')).toMatchObject({ muted: false, track: other });
    expect(ids()).toEqual(before);
    expect(first.stopped).toBe(false);
  });

  it('is muted as it was wished before it was published', async () => {
    bench.a.engine.setMuted('microphone', true);
    await bench.a.engine.attach('microphone', bench.track('audio'));
    await connect(bench.a);
    await connected();
    await bench.clock.advance(10);
    expect(roomOf(A).publications.get('microphone')?.muted).toBe(true);
    bench.a.engine.setMuted('microphone', false);
    await bench.clock.advance(10);
    expect(roomOf(A).publications.get('microphone')?.muted).toBe(false);
  });

  it('says when somebody else has muted it, and only then', async () => {
    const silenced: string[] = [];
    bench.a.engine.on('silenced', (source) => silenced.push(source));
    await bench.a.engine.attach('microphone', bench.track('audio'));
    await connect(bench.a);
    await connected();
    roomOf(A).handlers.silenced('microphone');
    roomOf(A).handlers.silenced('microphone');
    roomOf(A).handlers.silenced('camera');
    expect(silenced).toEqual(['microphone']);
  });
});

describe('rights', () => {
  it('that come later begin both ways on the same connection', async () => {
    bench.sfu.rights.set(identityOf(A), { subscribe: false, publish: [] });
    await withMedia(bench.a);
    await withMedia(bench.b);
    await connect(bench.a, bench.b);
    await connected();
    await bench.clock.advance(5_000);
    expect({ flowed, sent: roomOf(A).publications.size }).toEqual({ flowed: [], sent: 0 });
    expect(remote.every(({ stream }) => stream === null)).toBe(true);
    bench.sfu.grant(identityOf(A), ALL_RIGHTS);
    await bench.clock.until(() => flowed.includes(B), 'flowing');
    expect(roomOf(A).publications.size).toBe(2);
    expect(states).toEqual(['connecting', 'connected']);
    expect(bench.sfu.entries).toHaveLength(2);
  });
});

describe('a server', () => {
  it('that is away at the start is tried until it is there', async () => {
    bench.sfu.away = true;
    await connect(bench.a);
    await bench.clock.advance(5_000);
    expect(states).toEqual(['connecting']);
    bench.sfu.away = false;
    await connected();
  });

  it('that dies is called broken, then failed, and is come back to with the newest token', async () => {
    await withMedia(bench.a);
    await withMedia(bench.b);
    await connect(bench.a, bench.b);
    await bench.clock.until(() => flowed.length === 1, 'flowing');
    bench.sfu.die();
    await bench.clock.advance(31_000);
    expect(states).toEqual(['connecting', 'connected', 'reconnecting', 'failed']);
    const token = `${bench.sfu.tokenFor(identityOf(A))}+newer`;
    await bench.a.engine.renew({ ...bench.a.context.credentials, token });
    bench.sfu.away = false;
    await bench.clock.until(() => flowed.length === 2, 'flowing again');
    expect(states.at(-1)).toBe('connected');
    expect(bench.sfu.entries.at(-1)?.token === token || bench.sfu.entries.at(-2)?.token === token).toBe(true);
    expect(roomOf(A).publications.size).toBe(2);
  });

  it('is tried at once when the network is back', async () => {
    bench.sfu.away = true;
    await connect(bench.a);
    await bench.clock.advance(20_000);
    const before = bench.sfu.entries.length;
    bench.sfu.away = false;
    bench.a.engine.networkChanged();
    await bench.clock.advance(0);
    expect(bench.sfu.entries).toHaveLength(before + 1);
    expect(states.at(-1)).toBe('connected');
  });
});

describe('a path that may be broken, and is not known to be', () => {
  beforeEach(async () => {
    await withMedia(bench.a);
    await withMedia(bench.b);
    await connect(bench.a, bench.b);
    await bench.clock.until(() => flowed.length === 1, 'flowing');
  });

  it('is resumed at once when the network changes, once for all hints of it', async () => {
    for (let hint = 0; hint < 3; hint += 1) bench.a.engine.networkChanged();
    expect(bench.sfu.mends).toBe(1);
    await bench.clock.advance(2_000);
    bench.a.engine.networkChanged();
    expect(bench.sfu.mends).toBe(2);
    expect(bench.sfu.entries).toHaveLength(2);
  });

  it('is resumed after two seconds in which nothing comes of somebody who is not muted', async () => {
    await bench.clock.advance(5_000);
    expect(bench.sfu.mends).toBe(0);
    bench.sfu.silent = true;
    await bench.clock.advance(1_500);
    expect(bench.sfu.mends).toBe(0);
    await bench.clock.advance(1_500);
    // Both sides hear nothing.
    expect(bench.sfu.mends).toBe(2);
  });

  it('is left alone while everybody is muted, whose sound a server does not send', async () => {
    for (const { engine } of [bench.a, bench.b]) engine.setMuted('microphone', true);
    await bench.clock.advance(1_000);
    bench.sfu.silent = true;
    await bench.clock.advance(20_000);
    expect(bench.sfu.mends).toBe(0);
  });
});

describe('an end', () => {
  it.each(['removed', 'room_closed'] as const)(
    'by %s is said once, and newer credentials begin anew',
    async (reason) => {
      await connect(bench.a, bench.b);
      await connected();
      bench.sfu.expel(roomOf(A), reason);
      await bench.clock.advance(60_000);
      expect({ ended, state: states.at(-1) }).toEqual({ ended: [reason], state: 'failed' });
      const tries = bench.sfu.entries.length;
      await bench.a.engine.renew(bench.a.context.credentials);
      await connected();
      expect(bench.sfu.entries).toHaveLength(tries + 1);
    },
  );

  it('by another copy of the same device is the last word', async () => {
    await connect(bench.a);
    await connected();
    await connect(bench.side(A));
    await bench.clock.advance(1_000);
    expect({ ended, state: states.at(-1) }).toEqual({ ended: ['duplicate_identity'], state: 'failed' });
    const tries = bench.sfu.entries.length;
    await bench.a.engine.renew(bench.a.context.credentials);
    await bench.clock.advance(10_000);
    expect(bench.sfu.entries).toHaveLength(tries);
  });

  it('comes at once for a token that is refused', async () => {
    const { context, engine } = bench.a;
    await engine.connect({ ...context, credentials: { ...context.credentials, token: 'of another room' } });
    await bench.clock.advance(100);
    expect(ended).toEqual(['token_refused']);
    await engine.renew(context.credentials);
    await connected();
  });

  it('is not even a beginning without a server in the credentials', async () => {
    const { context, engine } = bench.a;
    const without = { ...context, credentials: { ...context.credentials, url: null } };
    await expect(engine.connect(without)).rejects.toMatchObject({ code: 'no_server' });
    await engine.connect(context);
    await connected();
  });
});

it('says who speaks and how connections are, by people', async () => {
  const said: unknown[] = [];
  bench.a.engine.on('speakers', (people) => said.push(people));
  bench.a.engine.on('quality', (userId, quality) => said.push([userId, quality]));
  await connect(bench.a);
  await connected();
  const { handlers } = roomOf(A);
  handlers.speakers([identityOf(B), identityOf(B, 'd2'), identityOf(A)]);
  handlers.quality(identityOf(B), 'excellent');
  handlers.quality(identityOf(B), 'lost');
  expect(said).toEqual([
    [B, A],
    [B, 'good'],
    [B, 'lost'],
  ]);
});
