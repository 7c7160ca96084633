import { callHeadingOf } from '@parley/client';
import { isGroupType } from '@parley/domain';
import type { Call, CallOfMessage } from '@parley/protocol';
import { useParley } from '@parley/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type CallFilter, type CallHistoryItem, kindOf, type PastCall } from '../screens/snapshots';
import { groupName, type NamedChannel } from './callTitle';
import { useChannels } from './people';

export interface History {
  /** Newest first; null while nothing has been read. */
  readonly calls: readonly CallHistoryItem[] | null;
  readonly hasMore: boolean;
  readonly error: string | null;
  more(): void;
  retry(): void;
}

interface Known {
  /** What was asked for: the filter, and with whom. */
  readonly wanted: string;
  readonly calls: readonly Call[] | null;
  readonly cursor: string | null;
  readonly error: string | null;
}

const nothing = (wanted: string): Known => ({ wanted, calls: null, cursor: null, error: null });

/**
 * Calls of the team in which one took part, newest first. They are read again when one of `changes` changes.
 * @param other whom the call was with alone; null: anybody
 */
export function useHistory(
  teamId: string | null,
  me: string,
  changes: readonly unknown[],
  filter: CallFilter = 'all',
  other: string | null = null,
): History {
  const client = useParley();
  const channels = useChannels();
  const wanted = `${filter} ${other}`;
  const [state, setState] = useState<Known>(() => nothing(wanted));
  // What was read for another wish is not shown, nor what was overtaken by a newer look.
  const known = state.wanted === wanted ? state : nothing(wanted);
  const turn = useRef(0);
  const read = useCallback(
    async (from?: string) => {
      if (teamId === null) return;
      turn.current += 1;
      const mine = turn.current;
      const set = (change: (before: Known) => Known) => {
        if (mine !== turn.current) return;
        setState((before) => change(before.wanted === wanted ? before : nothing(wanted)));
      };
      try {
        const page = await client.history({
          teamId,
          ...(filter === 'all' ? {} : { only: filter }),
          ...(other === null ? {} : { with: other }),
          ...(from === undefined ? {} : { cursor: from }),
        });
        set(({ calls }) => ({
          wanted,
          calls: from === undefined ? page.items : [...(calls ?? []), ...page.items],
          cursor: page.nextCursor,
          error: null,
        }));
      } catch (cause) {
        set((before) => ({ ...before, error: codeOf(cause) }));
      }
    },
    [client, teamId, filter, other, wanted],
  );
  // What changed is only a reason to look again.
  useEffect(() => void read(), [read, ...changes]);
  return {
    calls: known.calls?.flatMap((call) => itemOf(call, me, channels ?? [])) ?? null,
    hasMore: known.cursor !== null,
    error: known.error,
    more: () => void (known.cursor !== null && read(known.cursor)),
    retry: () => void read(),
  };
}

type EndedCall = CallOfMessage & Partial<Pick<Call, 'participants'>>;

/**
 * Null while it lives: then it is on the screen, not in the history.
 * @param other of a call of two, whom it was with, by name
 */
export function pastCallOf(call: EndedCall, me: string, other: string | null): PastCall | null {
  const heading = callHeadingOf(call, me);
  if (heading === null) return null;
  const declinedBy = heading === 'call_declined' ? declinerOf(call, me, other) : null;
  return {
    id: call.id,
    kind: kindOf(call.callType),
    direction: call.initiatorId === me ? 'outgoing' : 'incoming',
    heading,
    ...(call.endReason === 'cancelled' ? { cancelled: true } : {}),
    ...(declinedBy === null ? {} : { declinedBy }),
    durationSeconds: call.durationSeconds,
  };
}

/** Null of a group that oneself has not declined, as far as is known: several may have. */
function declinerOf(call: EndedCall, me: string, other: string | null): NonNullable<PastCall['declinedBy']> | null {
  if (call.participants?.find(({ userId }) => userId === me)?.state === 'declined') return 'self';
  if (isGroupType(call.callType)) return null;
  if (call.initiatorId !== me) return 'self';
  return other === null ? null : { name: other };
}

function itemOf(call: Call, me: string, channels: readonly NamedChannel[]): CallHistoryItem[] {
  // Somebody may have waited in a channel, and nobody came.
  const others = call.participants.filter(({ userId }) => userId !== me);
  const other = others[0] ?? call.participants[0];
  const past = pastCallOf(call, me, other?.displayName ?? null);
  if (!past || !other) return [];
  const at = Date.parse(call.createdAt);
  const group = groupName(call.callType, call.channelId, others, channels);
  return [
    {
      ...past,
      with: { id: other.userId, displayName: other.displayName },
      at,
      ...(group === null ? {} : { group }),
    },
  ];
}

/** The stable code of whatever was thrown. */
export const codeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : 'unknown';
