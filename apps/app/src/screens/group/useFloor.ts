import { focusDue, focusOn, NO_FOCUS, type SpeakerFocus } from '@parley/domain';
import { useEffect, useRef, useState } from 'react';
import type { PersonInGroup } from './snapshots';

/** Who has the floor among the others (rule L8), and when each was last heard. */
export function useFloor(others: readonly PersonInGroup[]): {
  readonly focus: string | null;
  readonly lastSpoke: ReadonlyMap<string, number>;
} {
  const [state, setState] = useState<SpeakerFocus>(NO_FOCUS);
  const lastSpoke = useRef(new Map<string, number>());
  const speakers = others.filter(({ speaking }) => speaking === true).map(({ id }) => id);
  const key = speakers.join(' ');
  useEffect(() => {
    const heard = key === '' ? [] : key.split(' ');
    const now = Date.now();
    for (const id of heard) lastSpoke.current.set(id, now);
    setState((before) => focusOn(before, heard, now));
  }, [key]);
  const due = focusDue(state);
  useEffect(() => {
    if (due === null) return;
    const timer = setTimeout(
      () => setState((before) => focusOn(before, key === '' ? [] : key.split(' '), Date.now())),
      Math.max(0, due - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [due, key]);
  return { focus: state.focus, lastSpoke: lastSpoke.current };
}
