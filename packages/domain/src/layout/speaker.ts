import type { UserId } from '../ids.ts';

/** Who is looked at, and who may be next. Times are milliseconds of any clock that runs forwards. */
export interface SpeakerFocus {
  /** The last one who held the floor; stays through silence. Null until somebody has spoken. */
  readonly focus: UserId | null;
  /** When the focus was last heard. */
  readonly heardAt: number;
  readonly candidate: { readonly userId: UserId; readonly since: number } | null;
}

export const NO_FOCUS: SpeakerFocus = { focus: null, heardAt: 0, candidate: null };

/** A cough is no speech: so long must somebody be the loudest while nobody holds the floor. */
const TAKE_FLOOR_MS = 500;
/** Somebody who talks over the one who speaks must do it for so long. */
const TAKE_OVER_MS = 2_000;
/** A breath between two sentences does not give up the floor. */
const HOLD_MS = 1_000;

/** @param speakers the others who speak now, the loudest first; oneself is never looked at. */
export function focusOn(state: SpeakerFocus, speakers: readonly UserId[], now: number): SpeakerFocus {
  const [loudest] = speakers;
  const heardAt = state.focus !== null && speakers.includes(state.focus) ? now : state.heardAt;
  if (loudest === undefined || loudest === state.focus) return { ...state, heardAt, candidate: null };
  const candidate = state.candidate?.userId === loudest ? state.candidate : { userId: loudest, since: now };
  const waiting: SpeakerFocus = { focus: state.focus, heardAt, candidate };
  return now >= (focusDue(waiting) ?? Number.POSITIVE_INFINITY)
    ? { focus: loudest, heardAt: now, candidate: null }
    : waiting;
}

/** When to ask again although nothing was heard anew; null: never. */
export function focusDue({ focus, heardAt, candidate }: SpeakerFocus): number | null {
  if (candidate === null) return null;
  if (focus === null) return candidate.since + TAKE_FLOOR_MS;
  const floorIsFree = Math.max(candidate.since + TAKE_FLOOR_MS, heardAt + HOLD_MS);
  return Math.min(floorIsFree, candidate.since + TAKE_OVER_MS);
}
