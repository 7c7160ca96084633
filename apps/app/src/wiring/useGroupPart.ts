import { useEffect } from 'react';
import { groupPart } from '../loading/groupPart';

/** Whoever looks at the way into a group fetches what carries one, ahead of the press. */
export function useGroupPart(wanted = true): void {
  useEffect(() => {
    if (wanted) groupPart.fetch();
  }, [wanted]);
}
