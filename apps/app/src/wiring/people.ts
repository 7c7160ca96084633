import type { Channel, Member, PresenceState, Team, User } from '@parley/protocol';
import { useChatSnapshot, useClientSnapshot } from '@parley/react';
import { useMemo } from 'react';
import type { Person } from '../screens/snapshots';
import { byName } from '../words/format';
import { isQuiet } from './quiet';
import { useNow } from './useNow';

/** The team that is shown: a person is mostly in one. Null while that is not known, or there is none. */
export const useTeam = (): Team | null => useChatSnapshot(({ teams }) => teams?.[0] ?? null);

export const withPresence = (user: User, presence: PresenceState | undefined): Person => ({
  id: user.id,
  displayName: user.displayName,
  presence: presence ?? 'offline',
});

const asColleague = (member: Member, presence: PresenceState | undefined, now: number): Person => ({
  ...withPresence(member, presence),
  ...(isQuiet(member.doNotDisturbUntil, now) ? { quiet: true } : {}),
});

/** Everybody of the team but oneself, by name; null while that is not known. */
export function usePeople(): readonly Person[] | null {
  const teamId = useTeam()?.id ?? '';
  const members = useChatSnapshot((chat) => chat.members.get(teamId) ?? null);
  const presence = useClientSnapshot((client) => client.presence);
  const me = useClientSnapshot((client) => client.me?.id);
  const now = useNow();
  return useMemo(
    () =>
      members
        ?.filter(({ id }) => id !== me)
        .map((member) => asColleague(member, presence.get(member.id), Math.max(now, Date.now())))
        .sort((a, b) => byName(a.displayName, b.displayName)) ?? null,
    [members, presence, me, now],
  );
}

/** `loading` while it is not known who is in the team. Draws anew for this person alone, whoever else comes and goes. */
export function usePerson(userId: string): Person | null | 'loading' {
  const teamId = useTeam()?.id ?? '';
  const member = useChatSnapshot((chat) => {
    const members = chat.members.get(teamId);
    return members === undefined ? 'loading' : (members.find(({ id }) => id === userId) ?? null);
  });
  const presence = useClientSnapshot((client) => client.presence.get(userId));
  const isMe = useClientSnapshot((client) => client.me?.id === userId);
  const now = useNow();
  return useMemo(() => {
    if (member === 'loading' || member === null) return member;
    return isMe ? null : asColleague(member, presence, Math.max(now, Date.now()));
  }, [member, presence, isMe, now]);
}

/** Null while they are not known. */
export function useChannels(): readonly Channel[] | null {
  const teamId = useTeam()?.id ?? '';
  return useChatSnapshot((chat) => chat.channels.get(teamId) ?? null);
}
