import type { ActiveCall } from '@parley/client';
import { useParley } from '@parley/react';
import { useState } from 'react';
import { copyText } from '../platform/clipboard';
import { serverUrl } from '../platform/options';

/** Makes a link to a call that runs and puts it into the clipboard; undefined where one may not, or nothing can be copied. */
export function useCallLink(call: ActiveCall): (() => Promise<void>) | undefined {
  const { links } = useParley();
  const [made, setMade] = useState<string | null>(null);
  const { callId, teamId } = call;
  if (callId === null || copyText === undefined || call.self.role === 'guest') return undefined;
  const copy = copyText;
  return async () => {
    const url = made ?? absolute((await links.create(teamId, { callId })).url);
    setMade(url);
    await copy(url);
  };
}

/** A server behind a proxy may know only its path. */
const absolute = (url: string): string => new URL(url, serverUrl()).toString();
