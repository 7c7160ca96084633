import type { ActiveCall, ClientSnapshot } from '@parley/client';
import type { Participant } from '@parley/protocol';
import { useParley } from '@parley/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ListedPerson, Roster } from '../screens/group/snapshots';
import { codeOf } from './history';

/** Somebody types on: milliseconds. */
const TYPING_MS = 250;
/** People come and go all the time: the list is read anew no more often than this. */
const AGAIN_MS = 5_000;

interface Known {
  readonly people: readonly Participant[] | null;
  readonly cursor: string | null;
  readonly error: string | null;
  readonly loading: boolean;
}

const NOTHING: Known = { people: null, cursor: null, error: null, loading: false };

/**
 * Everybody of a call of many, read page by page once somebody looks; undefined where the call's view has everybody.
 * What the view says of somebody is newer than what was read.
 */
export function useRoster(call: ActiveCall, connection: ClientSnapshot['connection']): Roster | undefined {
  const client = useParley();
  const { callId } = call;
  const counts = call.view?.call.counts;
  const isLarge = counts !== undefined;
  const [looking, setLooking] = useState(false);
  const [search, setSearch] = useState('');
  const [known, setKnown] = useState<Known>(NOTHING);
  const turn = useRef(0);
  const wanted = looking && isLarge && callId !== null;

  /** @param from where the last page ended; undefined: from the beginning, as far as it was read before. */
  const read = useCallback(
    async (name: string, from?: string, atLeast = 0) => {
      if (callId === null) return;
      turn.current += 1;
      const mine = turn.current;
      const put = (change: (before: Known) => Known) => {
        if (mine === turn.current) setKnown(change);
      };
      put((before) => ({ ...before, loading: true, error: null }));
      try {
        const people: Participant[] = [];
        let cursor = from;
        do {
          const page = await client.callPeople(callId, {
            only: 'here',
            ...(name === '' ? {} : { name }),
            ...(cursor === undefined ? {} : { cursor }),
          });
          people.push(...page.items);
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined && people.length < atLeast);
        put((before) => ({
          people: from === undefined ? people : [...(before.people ?? []), ...people],
          cursor: cursor ?? null,
          error: null,
          loading: false,
        }));
      } catch (cause) {
        put((before) => ({ ...before, loading: false, error: codeOf(cause) }));
      }
    },
    [client, callId],
  );

  const name = search.trim();
  const online = connection === 'online';
  useEffect(() => {
    if (!wanted || !online) return;
    const timer = setTimeout(() => void read(name), name === '' ? 0 : TYPING_MS);
    return () => clearTimeout(timer);
  }, [wanted, online, name, read]);

  const length = known.people?.length ?? 0;
  const latest = useRef({ name, length });
  latest.current = { name, length };
  const due = useRef<ReturnType<typeof setTimeout> | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: how many there are is only a reason to look again
  useEffect(() => {
    if (!wanted || !online || due.current !== null) return;
    due.current = setTimeout(() => {
      due.current = null;
      if (latest.current.length > 0) void read(latest.current.name, undefined, latest.current.length);
    }, AGAIN_MS);
  }, [wanted, online, counts?.seated, counts?.total]);
  useEffect(
    () => () => {
      if (due.current !== null) clearTimeout(due.current);
      due.current = null;
    },
    [],
  );

  if (!isLarge) return undefined;
  return {
    people: known.people?.map(listed) ?? null,
    hasMore: known.cursor !== null,
    loading: known.loading,
    error: known.error,
    connection,
    search,
    onLook: setLooking,
    onSearch: setSearch,
    onMore: () => {
      if (known.cursor !== null && !known.loading && known.error === null) void read(name, known.cursor);
    },
    onRetry: () => void read(name),
  };
}

const listed = ({ userId, displayName, state, isMuted, role }: Participant): ListedPerson => ({
  id: userId,
  displayName,
  isMuted,
  hand: null,
  isHost: role === 'host',
  isGuest: role === 'guest',
  isRung: state === 'ringing' || state === 'invited',
});
