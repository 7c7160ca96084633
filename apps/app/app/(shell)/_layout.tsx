import { useChat, useChatSnapshot, useClientSnapshot } from '@parley/react';
import { Slot, usePathname } from 'expo-router';
import { paths } from '../../src/paths';
import { CreateTeam } from '../../src/screens/CreateTeam';
import { Shell } from '../../src/screens/Shell';
import { LoadingState } from '../../src/ui/States';
import { CallBar } from '../../src/wiring/CallBar';
import { useGo } from '../../src/wiring/navigation';
import { useChannels, usePeople, useTeam } from '../../src/wiring/people';
import { useAttempt, useMe, useSignOut } from '../../src/wiring/session';

export default function ShellLayout() {
  const me = useMe();
  const team = useTeam();
  const known = useChatSnapshot(({ teams }) => teams !== null);
  const connection = useClientSnapshot((client) => client.connection);
  const unreadCalls = useClientSnapshot((client) => client.unreadCalls);
  const people = usePeople();
  const channels = useChannels();
  const chat = useChat();
  const path = usePathname();
  const go = useGo();
  const making = useAttempt();
  const signOut = useSignOut();

  if (me === null || !known) return <LoadingState />;
  if (team === null) {
    return (
      <CreateTeam
        busy={making.busy}
        error={making.error}
        onCreate={(name) => void making.attempt(() => chat.createTeam(name))}
        onSignOut={signOut}
      />
    );
  }
  return (
    <>
      <CallBar />
      <Shell
        sidebar={{
          snapshot: {
            team,
            me: { ...me, presence: connection === 'online' ? 'online' : 'offline' },
            channels: channels.filter(({ kind }) => kind === 'channel'),
            people,
            unreadCalls,
            current: path,
          },
          connection,
          onNavigate: go.to,
          onCreateChannel: (name) => {
            void making.attempt(async () => go.to(paths.channel((await chat.createChannel(team.id, name)).id)));
          },
        }}
      >
        {path === paths.home ? null : <Slot />}
      </Shell>
    </>
  );
}
