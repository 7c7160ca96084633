import { useClientSnapshot } from '@parley/react';
import { usePathname } from 'expo-router';
import { useEffect, useRef } from 'react';
import { findFocus } from '../ui/focus';

/** Where one screen makes way for another, the keyboard's focus goes along. */
export function FocusKeeper() {
  const path = usePathname();
  const session = useClientSnapshot((client) => client.session);
  const phase = useClientSnapshot(({ active }) => active?.phase ?? null);
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them changes what is to be seen.
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    return findFocus();
  }, [path, session, phase]);
  return null;
}
