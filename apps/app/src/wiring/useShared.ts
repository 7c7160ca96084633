import { shared } from '@parley/client';
import { useEffect, useRef } from 'react';

/** The value, with the parts of the one before it that say the same: what is drawn of these is not drawn anew. */
export function useShared<T>(value: T): T {
  const before = useRef<T | null>(null);
  const now = shared(before.current, value);
  useEffect(() => {
    before.current = now;
  });
  return now;
}
