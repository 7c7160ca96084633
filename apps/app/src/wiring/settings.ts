import type { InvitationInfo, PersonSettings, SessionInfo } from '@parley/protocol';
import { FOR_GOOD } from '@parley/protocol';
import { useChatSnapshot, useClientSnapshot, useParley } from '@parley/react';
import { useCallback, useEffect, useState } from 'react';
import type { PictureChooser } from '../platform/pictureChooser';
import type { CallsSectionProps, QuietChoice } from '../screens/settings/CallsSection';
import type { InvitationItem } from '../screens/settings/InvitationsSection';
import type { SessionItem } from '../screens/settings/SessionsSection';
import { deviceName } from './deviceName';
import { codeOf } from './history';
import { useTeam } from './people';
import { quietChoiceOf, quietUntil } from './quiet';
import { useAttempt } from './session';

/** What the person has chosen on the server, and how to choose otherwise. */
export function usePersonSettings() {
  const { account } = useParley();
  const profile = useAttempt();
  const calls = useAttempt();
  const matters = useAttempt();
  const [chosen, setChosen] = useState<PersonSettings | null>(null);
  const [passwordChanged, setPasswordChanged] = useState(false);
  const teamId = useTeam()?.id ?? '';
  // Another device of the person chooses too: the team is told of it, and so is this one.
  const myId = useClientSnapshot((client) => client.me?.id ?? '');
  const mine = useChatSnapshot((chat) => chat.members.get(teamId)?.find(({ id }) => id === myId) ?? null);

  const { attempt: read } = calls;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the team was told is the reason to read again.
  useEffect(() => {
    let here = true;
    void read(async () => {
      const settings = await account.settings();
      if (here) setChosen(settings);
    });
    return () => {
      here = false;
    };
  }, [account, mine]);

  return {
    profile,
    calls,
    account: matters,
    email: chosen?.email ?? null,
    hasPicture: (mine ?? chosen)?.picture != null,
    passwordChanged,
    address: chosen === null ? null : { hide: chosen.hideAddress, relayAvailable: chosen.relayAvailable },
    quiet(): CallsSectionProps['quiet'] {
      if (chosen === null) return null;
      const until = chosen.doNotDisturbUntil;
      const choice = quietChoiceOf(until, Date.now());
      return { choice, until: until === null || until === FOR_GOOD ? null : Date.parse(until) };
    },
    rename: (displayName: string) =>
      void profile.attempt(async () => setChosen(await account.changeSettings({ displayName }))),
    choosePicture: async ({ choose, shrink }: PictureChooser) => {
      // Not every browser says that its chooser was closed: until there is a file, nothing is under way.
      const file = await choose();
      if (file !== null) await profile.attempt(async () => account.putPicture(await shrink(file)));
    },
    removePicture: () => void profile.attempt(() => account.removePicture()),
    setQuiet: (choice: QuietChoice) =>
      void calls.attempt(async () =>
        setChosen(await account.changeSettings({ doNotDisturbUntil: quietUntil(choice, Date.now()) })),
      ),
    hideAddress: (hideAddress: PersonSettings['hideAddress']) =>
      void calls.attempt(async () => setChosen(await account.changeSettings({ hideAddress }))),
    changePassword: async (current: string, next: string): Promise<boolean> => {
      setPasswordChanged(false);
      const changed = await matters.attempt(() => account.changePassword(current, next));
      setPasswordChanged(changed);
      return changed;
    },
    leaveTeam: (id: string) => void matters.attempt(() => account.leaveTeam(id)),
    deleteAccount: (password: string) => void matters.attempt(() => account.deleteAccount(password)),
    forget: () => {
      setPasswordChanged(false);
      matters.forget();
    },
  };
}

const sessionItem = (session: SessionInfo): SessionItem => ({
  id: session.id,
  ...deviceName(session.userAgent),
  lastUsedAt: Date.parse(session.lastUsedAt),
  isCurrent: session.isCurrent,
});

export function useSessions() {
  const { account } = useParley();
  const { busy, error, attempt } = useAttempt();
  const [items, setItems] = useState<readonly SessionItem[] | null>(null);
  const [elsewhere, setElsewhere] = useState(false);
  const reload = useCallback(async () => {
    try {
      // The one that is looked from stands first, the others by their last use.
      const sessions = (await account.sessions()).map(sessionItem);
      setItems(sessions.sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent)));
    } catch (cause) {
      if (codeOf(cause) !== 'not_found') throw cause;
      setElsewhere(true);
    }
  }, [account]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once; `attempt` is another one each time.
  useEffect(() => void attempt(reload), [reload]);
  return {
    items,
    elsewhere,
    busy: busy && items !== null,
    error,
    reload,
    end: (sessionId: string) =>
      void attempt(async () => {
        await account.endSession(sessionId);
        await reload();
      }),
    endAll: () => void attempt(() => account.signOutEverywhere()),
  };
}

const linkItem = (link: InvitationInfo): InvitationItem => ({
  id: link.id,
  by: link.createdBy?.displayName ?? null,
  expiresAt: Date.parse(link.expiresAt),
  uses: link.uses,
  maxUses: link.maxUses,
});

/** Links into the team that one may revoke. */
export function useInvitations(teamId: string | null) {
  const { account } = useParley();
  const { busy, error, attempt } = useAttempt();
  const [items, setItems] = useState<readonly InvitationItem[] | null>(null);
  const reload = useCallback(async () => {
    if (teamId !== null) setItems((await account.invitations(teamId)).map(linkItem));
  }, [account, teamId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once; `attempt` is another one each time.
  useEffect(() => void attempt(reload), [reload]);
  return {
    items,
    busy: busy && items !== null,
    error,
    reload,
    revoke: (id: string) =>
      attempt(async () => {
        await account.revokeInvitation(id);
        await reload();
      }),
  };
}
