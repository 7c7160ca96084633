import { describe, expect, it } from 'vitest';
import { problemOf } from '../src/browser/capture.ts';
import { levelOf } from '../src/browser/level-meter.ts';

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
