import type { Channel } from '@parley/protocol';
import { useChat, useChatSnapshot, useClientSnapshot } from '@parley/react';
import { Slot, usePathname } from 'expo-router';
import { View } from 'react-native';
import { paths } from '../../src/paths';
import { CreateTeam } from '../../src/screens/CreateTeam';
import { Shell } from '../../src/screens/Shell';
import { LoadingState } from '../../src/ui/States';
import { CallBar } from '../../src/wiring/CallBar';
import { useFollowedChannels } from '../../src/wiring/channelCall';
import { NoticesQuestion } from '../../src/wiring/NoticesQuestion';
import { useGo } from '../../src/wiring/navigation';
import { useChannels, usePeople, useTeam } from '../../src/wiring/people';
import { useAttempt, useMe, useSignOut } from '../../src/wiring/session';
import { useShared } from '../../src/wiring/useShared';
import { byName } from '../../src/words/format';

export default function ShellLayout() {
  const me = useMe();
  const team = useTeam();
  const known = useChatSnapshot(({ teams }) => teams !== null);
  const connection = useClientSnapshot((client) => client.connection);
  const quiet = useClientSnapshot((client) => client.doNotDisturb);
  const unreadCalls = useClientSnapshot((client) => client.unreadCalls);
  const people = usePeople();
  const channels = useChannels();
  const chat = useChat();
  const path = usePathname();
  const go = useGo();
  const making = useAttempt();
  const signOut = useSignOut();
  const calls = useClientSnapshot((client) => client.channelCalls);
  useFollowedChannels(channels);
  const inCall = (id: string) => calls.get(id)?.count ?? 0;

  const sidebar = useShared(
    me === null || team === null
      ? null
      : {
          snapshot: {
            team,
            me: { ...me, presence: connection === 'online' ? ('online' as const) : ('offline' as const), quiet },
            channels: (channels ?? [])
              .filter(({ kind }) => kind === 'channel')
              .sort(generalFirst)
              .map(({ id, name }) => ({ id, name, inCall: inCall(id) })),
            people: people ?? [],
            unreadCalls,
            current: path,
          },
          connection,
          onNavigate: go.to,
          onCreateChannel: (name: string) => {
            void making.attempt(async () => go.to(paths.channel((await chat.createChannel(team.id, name)).id)));
          },
        },
  );
  return (
    <>
      <CallBar />
      <NoticesQuestion />
      <Shell sidebar={sidebar} open={path !== paths.home}>
        <Slot />
      </Shell>
      {sidebar !== null ? null : me !== null && known ? (
        <View style={{ position: 'absolute', inset: 0 }}>
          <CreateTeam
            busy={making.busy}
            error={making.error}
            onCreate={(name) => void making.attempt(() => chat.createTeam(name))}
            onSignOut={signOut}
          />
        </View>
      ) : (
        <LoadingState cover />
      )}
    </>
  );
}

const generalFirst = (a: Channel, b: Channel): number =>
  Number(b.name === 'general') - Number(a.name === 'general') || byName(a.name, b.name);
