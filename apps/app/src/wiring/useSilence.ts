import { useClientSnapshot } from '@parley/react';
import type { Silence } from '../screens/snapshots';
import { useRingsHereChoice } from './preferences';

/** Why a ring makes no sound here; null where it makes one. */
export function useSilence(): Silence | null {
  const quiet = useClientSnapshot((client) => client.doNotDisturb);
  const here = useRingsHereChoice().preference;
  if (quiet) return 'quiet';
  return here === 'off' ? 'device' : null;
}
