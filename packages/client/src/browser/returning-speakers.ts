import type { MediaDevice } from '../ports/devices.ts';

/**
 * Chromium keeps what it mixed for a speaker for ten seconds after the speaker has gone. A stream that is sent to it meanwhile, when it
 * is back, is played elsewhere, and nothing says so (156 on PulseAudio). Until that is over a speaker that was gone is still gone.
 */
const KEPT_MS = 12_000;
const HERE = Number.POSITIVE_INFINITY;

/** @param now milliseconds of a clock that runs forwards. @returns a filter for each list, in the order in which they are seen */
export function returningSpeakers(now: () => number): (list: readonly MediaDevice[]) => readonly MediaDevice[] {
  /** When each was seen to be gone. */
  const gone = new Map<string, number>();
  return (list) => {
    const at = now();
    const present = new Set(list.filter(({ kind }) => kind === 'speaker').map(({ id }) => id));
    for (const [id, since] of gone) if (since === HERE && !present.has(id)) gone.set(id, at);
    return list.filter(({ kind, id }) => {
      if (kind !== 'speaker') return true;
      const since = gone.get(id) ?? HERE;
      if (since !== HERE && at - since < KEPT_MS) return false;
      gone.set(id, HERE);
      return true;
    });
  };
}
