import type { ClientSnapshot } from '@parley/client';
import type { Channel, Team, User } from '@parley/protocol';
import { useChatSnapshot, useClientSnapshot } from '@parley/react';
import { useMemo } from 'react';
import type { Person } from '../screens/snapshots';

const NOBODY: readonly User[] = [];
const NOTHING: readonly Channel[] = [];

/** The team that is shown: a person is mostly in one. Null while that is not known, or there is none. */
export const useTeam = (): Team | null => useChatSnapshot(({ teams }) => teams?.[0] ?? null);

export const withPresence = (user: User, presence: ClientSnapshot['presence']): Person => ({
  id: user.id,
  displayName: user.displayName,
  presence: presence.get(user.id) ?? 'offline',
});

/** Everybody of the team but oneself, by name. */
export function usePeople(): readonly Person[] {
  const teamId = useTeam()?.id ?? '';
  const members = useChatSnapshot((chat) => chat.members.get(teamId) ?? NOBODY);
  const presence = useClientSnapshot((client) => client.presence);
  const me = useClientSnapshot((client) => client.me?.id);
  return useMemo(
    () =>
      members
        .filter(({ id }) => id !== me)
        .map((user) => withPresence(user, presence))
        .sort((a, b) => a.displayName.localeCompare(b.displayName)),
    [members, presence, me],
  );
}

export function usePerson(userId: string): Person | null {
  const people = usePeople();
  return people.find(({ id }) => id === userId) ?? null;
}

export function useChannels(): readonly Channel[] {
  const teamId = useTeam()?.id ?? '';
  return useChatSnapshot((chat) => chat.channels.get(teamId) ?? NOTHING);
}
