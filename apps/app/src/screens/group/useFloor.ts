import { focusDue, focusOn, NO_FOCUS, type SpeakerFocus } from '@parley/domain';
import { useEffect, useRef, useState } from 'react';

/** Who has the floor among the others (rule L8), and when each was last heard. @param speakers the loudest first */
export function useFloor(speakers: readonly string[]): {
  readonly focus: string | null;
  readonly lastSpoke: ReadonlyMap<string, number>;
} {
  const [state, setState] = useState<SpeakerFocus>(NO_FOCUS);
  const lastSpoke = useRef(new Map<string, number>());
  const heardBefore = useRef<readonly string[]>([]);
  const key = speakers.join(' ');
  useEffect(() => {
    const heard = key === '' ? [] : key.split(' ');
    const until = heardBefore.current;
    heardBefore.current = heard;
    const now = Date.now();
    for (const id of [...until, ...heard]) lastSpoke.current.set(id, now);
    // Who falls silent now was heard until now.
    setState((before) => focusOn(focusOn(before, until, now), heard, now));
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
