import { afterEach, describe, expect, it, vi } from 'vitest';
import { problemOf } from '../src/browser/capture.ts';
import { browserLevelMeter, levelOf } from '../src/browser/level-meter.ts';

describe('what a browser refuses', () => {
  it.each([
    ['NotAllowedError', 'Permission denied', 'denied'],
    ['NotAllowedError', 'Permission denied by system', 'blocked'],
    ['NotAllowedError', 'Permission dismissed', 'dismissed'],
    ['NotFoundError', 'Requested device not found', 'no_device'],
    ['OverconstrainedError', '', 'no_device'],
    ['NotReadableError', 'Could not start audio source', 'in_use'],
    ['AbortError', '', 'in_use'],
    ['SecurityError', '', 'denied'],
    ['TypeError', '', 'unsupported'],
  ])('%s (%s) is %s', (name, message, problem) => {
    expect(problemOf(new DOMException(message, name))).toBe(problem);
  });
});

describe('the level', () => {
  it.each([
    ['silence', 0, 0],
    ['a full tone', 1, 1],
    ['a quiet voice', 0.01, 0.35],
  ])('of %s', (_, amplitude, level) => {
    const samples = Float32Array.from({ length: 1024 }, (__, at) => amplitude * Math.sin(at / 4));
    expect(levelOf(samples)).toBeCloseTo(level, 1);
  });
});

describe('a track that cannot be measured', () => {
  class Track {}
  const close = vi.fn(async () => undefined);
  afterEach(() => vi.unstubAllGlobals());
  const watch = (Context: unknown) => {
    vi.stubGlobal('MediaStreamTrack', Track);
    vi.stubGlobal('MediaStream', class {});
    vi.stubGlobal('AudioContext', Context);
    return browserLevelMeter()?.watch(new Track() as unknown as MediaStreamTrack, () => undefined);
  };

  it('leaves the level at nothing and no context open', () => {
    const stop = watch(
      class {
        resume = async () => undefined;
        close = close;
        createMediaStreamSource() {
          throw new DOMException('another sample rate', 'NotSupportedError');
        }
      },
    );
    expect(close).toHaveBeenCalledOnce();
    expect(stop).not.toThrow();
  });

  it('does so also where there is no context to be had', () => {
    const stop = watch(
      class {
        constructor() {
          throw new DOMException('too many', 'NotSupportedError');
        }
      },
    );
    expect(stop).not.toThrow();
  });
});
