import type { ConnectionLook } from './quality.ts';

/**
 * Whether a picture may go out. Sound comes first: what a weak connection carries is left to it.
 *
 *     allowed ──too weak for 8 s──▶ held ──recovered for 10 s, and held long enough──▶ allowed
 *        └──────────────── the person insists ───────────▶ insisted (to the end of the call)
 */
export type VideoHold =
  | { readonly state: 'allowed'; readonly weakSince: number | null; readonly holdMs: number }
  | { readonly state: 'held'; readonly since: number; readonly wellSince: number | null; readonly holdMs: number }
  | { readonly state: 'insisted' };

const HELD_AFTER_MS = 8_000;
const BACK_AFTER_MS = 10_000;
/** Each time doubles it: a picture that comes and goes is worse than none. */
const FIRST_HOLD_MS = 20_000;
const LONGEST_HOLD_MS = 160_000;

const TOO_WEAK = { sentLossPercent: 10, roundTripMs: 800, availableKbps: 50 };
const RECOVERED = { sentLossPercent: 5, roundTripMs: 500 };

export const VIDEO_ALLOWED: VideoHold = { state: 'allowed', weakSince: null, holdMs: FIRST_HOLD_MS };

/**
 * Q5–Q7. It looks at what goes out alone: somebody whose own sending is well need not suffer for the other side's.
 * @param sends whether a picture goes out at the moment
 */
export function judgeVideo(before: VideoHold, look: ConnectionLook, sends: boolean, now: number): VideoHold {
  if (look.roundTripMs === null && look.sentLossPercent === null) return before;
  switch (before.state) {
    case 'insisted':
      return before;
    case 'allowed': {
      if (!sends || !isTooWeak(look)) return before.weakSince === null ? before : { ...before, weakSince: null };
      const weakSince = before.weakSince ?? now;
      if (now - weakSince < HELD_AFTER_MS) return { ...before, weakSince };
      return { state: 'held', since: now, wellSince: null, holdMs: before.holdMs };
    }
    case 'held': {
      if (!hasRecovered(look)) return before.wellSince === null ? before : { ...before, wellSince: null };
      const wellSince = before.wellSince ?? now;
      if (now - wellSince < BACK_AFTER_MS || now - before.since < before.holdMs) return { ...before, wellSince };
      return { state: 'allowed', weakSince: null, holdMs: Math.min(LONGEST_HOLD_MS, before.holdMs * 2) };
    }
  }
}

/**
 * Q8. What the person does to the camera has the last word: to turn it on in spite of the hold is to insist, to turn it off
 * ends the hold.
 */
export function cameraByHand(before: VideoHold, on: boolean): VideoHold {
  if (before.state === 'insisted') return before;
  if (before.state === 'held' && on) return { state: 'insisted' };
  return { state: 'allowed', weakSince: null, holdMs: before.holdMs };
}

/** The estimate of the path says little while nothing much goes out: it is asked only of a picture that is sent. */
const isTooWeak = ({ sentLossPercent, roundTripMs, availableKbps }: ConnectionLook): boolean =>
  (sentLossPercent ?? 0) > TOO_WEAK.sentLossPercent ||
  (roundTripMs ?? 0) > TOO_WEAK.roundTripMs ||
  (availableKbps !== null && availableKbps < TOO_WEAK.availableKbps);

const hasRecovered = ({ sentLossPercent, roundTripMs }: ConnectionLook): boolean =>
  (sentLossPercent ?? 0) <= RECOVERED.sentLossPercent && (roundTripMs ?? 0) <= RECOVERED.roundTripMs;
