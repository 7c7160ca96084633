import type { ActiveCall } from '@parley/client';
import type { CallLink } from '@parley/protocol';
import { useParley } from '@parley/react';
import { useState } from 'react';
import { copyText } from '../platform/clipboard';
import { serverUrl } from '../platform/options';

interface Actions {
  readonly onCopyLink?: () => Promise<void>;
  readonly onRevokeLink?: () => Promise<void>;
}

/** The link to a call that runs: made when somebody wants it, and the same until it is revoked. Nothing where one may not. */
export function useCallLink(call: ActiveCall): Actions {
  const { links } = useParley();
  const [made, setMade] = useState<CallLink | null>(null);
  const { callId, teamId } = call;
  const copy = copyText;
  if (callId === null || copy === undefined || call.self.role === 'guest') return {};
  return {
    onCopyLink: async () => {
      const link = made ?? (await links.create(teamId, { callId }));
      setMade(link);
      // A server behind a proxy may know only its path.
      await copy(new URL(link.url, serverUrl()).toString());
    },
    ...(made === null
      ? {}
      : {
          onRevokeLink: async () => {
            await links.revoke(made.token);
            setMade(null);
          },
        }),
  };
}
