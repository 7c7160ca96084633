import { describe, expect, it, test } from 'vitest';
import {
  type ConnectionLook,
  cameraByHand,
  judgeQuality,
  judgeVideo,
  NO_VERDICT,
  type QualityVerdict,
  qualityOf,
  VIDEO_ALLOWED,
  type VideoHold,
} from '../src/index.ts';

const GOOD: ConnectionLook = {
  roundTripMs: 40,
  jitterMs: 5,
  packetLossPercent: 0,
  sentLossPercent: 0,
  availableKbps: 2_000,
};
const NOTHING: ConnectionLook = {
  roundTripMs: null,
  jitterMs: null,
  packetLossPercent: null,
  sentLossPercent: null,
  availableKbps: null,
};
const LOSSY: ConnectionLook = { ...GOOD, packetLossPercent: 20, sentLossPercent: 20 };

test.each([
  [{}, 'good'],
  [{ packetLossPercent: 3, roundTripMs: 300, jitterMs: 40 }, 'good'],
  [{ packetLossPercent: 3.1 }, 'fair'],
  [{ sentLossPercent: 3.1 }, 'fair'],
  [{ roundTripMs: 301 }, 'fair'],
  [{ jitterMs: 41 }, 'fair'],
  [{ packetLossPercent: 10, roundTripMs: 800, jitterMs: 100 }, 'fair'],
  [{ packetLossPercent: 10.1 }, 'weak'],
  [{ sentLossPercent: 10.1 }, 'weak'],
  [{ roundTripMs: 801 }, 'weak'],
  [{ jitterMs: 101 }, 'weak'],
  [{ roundTripMs: null, jitterMs: null }, 'good'],
] as const)('Q1 %j is %s', (change, word) => {
  expect(qualityOf({ ...GOOD, ...change })).toBe(word);
});

test('Q2 a look that saw nothing has no word, and changes none', () => {
  expect(qualityOf(NOTHING)).toBeNull();
  expect(qualityOf({ ...NOTHING, jitterMs: 500 })).toBeNull();
  expect(judgeQuality({ quality: 'weak', turning: null }, NOTHING, 0).quality).toBe('weak');
});

/** A look every two seconds, as the client takes them; the word after each. */
function words(...looks: readonly ConnectionLook[]): (string | null)[] {
  let verdict: QualityVerdict = NO_VERDICT;
  return looks.map((look, index) => {
    verdict = judgeQuality(verdict, look, index * 2_000);
    return verdict.quality;
  });
}
const times = (n: number, look: ConnectionLook) => Array.from({ length: n }, () => look);

describe('what is said of a connection', () => {
  it('Q3 the first look is believed, a worse one after four seconds', () => {
    expect(words(LOSSY)).toEqual(['weak']);
    expect(words(GOOD, LOSSY, LOSSY, LOSSY)).toEqual(['good', 'good', 'good', 'weak']);
  });

  it('Q3 a single bad look between good ones is not told', () => {
    expect(words(GOOD, LOSSY, GOOD, LOSSY, LOSSY, GOOD)).toEqual(times(6, GOOD).map(() => 'good'));
  });

  it('Q4 a better word takes ten seconds', () => {
    expect(words(LOSSY, ...times(6, GOOD))).toEqual([...Array(6).fill('weak'), 'good']);
  });

  it('Q4 what keeps just below the bound is not called better', () => {
    const near = { ...GOOD, packetLossPercent: 9, sentLossPercent: 9 };
    expect(words(LOSSY, ...times(10, near)).at(-1)).toBe('weak');
    expect(words(LOSSY, ...times(10, { ...near, packetLossPercent: 6, sentLossPercent: 6 })).at(-1)).toBe('fair');
  });
});

/** A look every two seconds at a picture that goes out unless it is held. */
function hold(looks: readonly ConnectionLook[], from: VideoHold = VIDEO_ALLOWED, at = 0): VideoHold {
  let now = at;
  return looks.reduce((state, look) => {
    const next = judgeVideo(state, look, state.state !== 'held', now);
    now += 2_000;
    return next;
  }, from);
}

describe('a picture on a weak connection', () => {
  it.each([
    ['losses of what goes out', { sentLossPercent: 11 }],
    ['a long round trip', { roundTripMs: 900 }],
    ['a path that carries little', { availableKbps: 40 }],
  ])('Q5 is held back after eight seconds of %s', (_, change) => {
    const look = { ...GOOD, ...change };
    expect(hold(times(4, look)).state).toBe('allowed');
    expect(hold(times(5, look)).state).toBe('held');
    expect(hold([...times(4, look), GOOD, ...times(4, look)]).state).toBe('allowed');
  });

  it('Q5 is not held back where none goes out, nor for a look that saw nothing', () => {
    const sendsNone = times(9, LOSSY).reduce<VideoHold>(
      (state, look, n) => judgeVideo(state, look, false, n * 2_000),
      VIDEO_ALLOWED,
    );
    expect(sendsNone).toEqual(VIDEO_ALLOWED);
    expect(hold(times(9, NOTHING))).toEqual(VIDEO_ALLOWED);
  });

  it('Q6 comes back after ten good seconds, and twenty of being held', () => {
    const held = hold(times(5, LOSSY));
    expect(hold(times(9, GOOD), held, 10_000).state).toBe('held');
    expect(hold(times(10, GOOD), held, 10_000).state).toBe('allowed');
    const late = [...times(10, LOSSY), ...times(5, GOOD)];
    expect(hold(late, held, 10_000).state).toBe('held');
    expect(hold([...late, GOOD], held, 10_000).state).toBe('allowed');
  });

  it('Q6 does not come back on what is merely less weak', () => {
    const held = hold(times(5, LOSSY));
    expect(hold(times(60, { ...GOOD, sentLossPercent: 7 }), held, 10_000).state).toBe('held');
    expect(hold(times(60, { ...GOOD, roundTripMs: 600 }), held, 10_000).state).toBe('held');
  });

  it('Q6 is held twice as long each further time, up to a bound', () => {
    let state: VideoHold = VIDEO_ALLOWED;
    const lasted: number[] = [];
    for (let now = 0, since = 0, round = 0; round < 6; now += 2_000) {
      const next = judgeVideo(state, state.state === 'held' ? GOOD : LOSSY, state.state !== 'held', now);
      if (state.state !== 'held' && next.state === 'held') since = now;
      if (state.state === 'held' && next.state !== 'held') {
        lasted.push(now - since);
        round += 1;
      }
      state = next;
    }
    expect(lasted).toEqual([20_000, 40_000, 80_000, 160_000, 160_000, 160_000]);
  });

  it('Q7 is not held back for losses of what comes in', () => {
    expect(hold(times(60, { ...GOOD, packetLossPercent: 60 })).state).toBe('allowed');
  });

  it('Q8 goes on for whoever insists, however weak it is', () => {
    const insisted = cameraByHand(hold(times(5, LOSSY)), true);
    expect(hold(times(60, LOSSY), insisted)).toEqual({ state: 'insisted' });
    expect(cameraByHand(insisted, false)).toEqual({ state: 'insisted' });
  });

  it('Q8 is no longer held once the person has turned it off', () => {
    expect(cameraByHand(hold(times(5, LOSSY)), false).state).toBe('allowed');
  });
});
