import { useEffect } from 'react';
import { parts } from '../loading/parts';

/** Whoever looks at the way into a group fetches what carries one, ahead of the press. */
export function useGroupPart(wanted = true): void {
  useEffect(() => {
    if (wanted) parts.livekit.fetch();
  }, [wanted]);
}
