import { callSummaryOf } from '@parley/client';
import type { Call } from '@parley/protocol';
import { useParley } from '@parley/react';
import { useCallback, useEffect, useState } from 'react';
import { type CallHistoryItem, kindOf } from '../screens/snapshots';

export interface History {
  /** Newest first; null while nothing has been read. */
  readonly calls: readonly CallHistoryItem[] | null;
  readonly hasMore: boolean;
  readonly error: string | null;
  more(): void;
  retry(): void;
}

/** Calls of the team in which one took part, newest first. `changes` reads them again when it changes. */
export function useHistory(teamId: string | null, me: string, changes: unknown): History {
  const client = useParley();
  const [calls, setCalls] = useState<readonly Call[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const read = useCallback(
    async (from?: string) => {
      if (teamId === null) return;
      try {
        const page = await client.history(teamId, from);
        setCalls((known) => (from === undefined ? page.items : [...(known ?? []), ...page.items]));
        setCursor(page.nextCursor);
        setError(null);
      } catch (cause) {
        setError(codeOf(cause));
      }
    },
    [client, teamId],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changed is only a reason to look again.
  useEffect(() => void read(), [read, changes]);
  return {
    calls: calls?.flatMap((call) => itemOf(call, me)) ?? null,
    hasMore: cursor !== null,
    error,
    more: () => void (cursor !== null && read(cursor)),
    retry: () => void read(),
  };
}

function itemOf(call: Call, me: string): CallHistoryItem[] {
  const summary = callSummaryOf(call, me);
  const other = summary?.people[0];
  // A call that lives is on the screen, not in the history.
  if (!summary || !other) return [];
  return [
    {
      id: call.id,
      kind: kindOf(call.callType),
      direction: call.initiatorId === me ? 'outgoing' : 'incoming',
      heading: summary.heading,
      with: other,
      at: Date.parse(call.createdAt),
      durationSeconds: call.durationSeconds,
    },
  ];
}

/** The stable code of whatever was thrown. */
export const codeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : 'unknown';
