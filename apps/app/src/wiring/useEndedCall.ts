import type { CallSummary } from '@parley/client';
import { useClientSnapshot, useParley, useSummary } from '@parley/react';
import { useEffect, useState } from 'react';
import { codeOf } from './history';

type EndedCall =
  | { readonly state: 'loading' | 'lives' | 'unknown' }
  | { readonly state: 'ended'; readonly summary: CallSummary };

/** The summary of a call, also of one that ended long ago. */
export function useEndedCall(id: string): EndedCall {
  const client = useParley();
  const known = useSummary(id);
  const connection = useClientSnapshot((snapshot) => snapshot.connection);
  const [read, setRead] = useState<EndedCall>({ state: 'loading' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again with each connection.
  useEffect(() => {
    if (known) return;
    let here = true;
    client.summary(id).then(
      (summary) => here && setRead(summary ? { state: 'ended', summary } : { state: 'lives' }),
      (cause: unknown) => {
        const code = codeOf(cause);
        if (here && (code === 'not_found' || code === 'bad_id')) setRead({ state: 'unknown' });
      },
    );
    return () => {
      here = false;
    };
  }, [client, id, known, connection]);
  return known ? { state: 'ended', summary: known } : read;
}
