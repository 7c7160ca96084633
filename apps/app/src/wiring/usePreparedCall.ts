import { useClientSnapshot, useParley } from '@parley/react';
import { useEffect } from 'react';

/** While somebody can be seen who may be called from here, what the call needs is ready. */
export function usePreparedCall(mayCall: boolean): void {
  const client = useParley();
  const isFree = useClientSnapshot(({ active, session }) => active === null && session === 'signed_in');
  useEffect(() => (mayCall && isFree ? client.prepareCall() : undefined), [client, mayCall, isFree]);
}
