import { useClientSnapshot, useParley } from '@parley/react';
import { useLocalSearchParams } from 'expo-router';
import { useEffect, useState } from 'react';
import { paths } from '../../src/paths';
import { Lobby } from '../../src/screens/group/Lobby';
import { NotFound } from '../../src/screens/NotFound';
import type { CallKind } from '../../src/screens/snapshots';
import { LoadingState } from '../../src/ui/States';
import { useChannelCall } from '../../src/wiring/channelCall';
import { useGo } from '../../src/wiring/navigation';
import { useChannels, usePeople } from '../../src/wiring/people';
import { useMe } from '../../src/wiring/session';
import { useDevicesPanel } from '../../src/wiring/useDevicesPanel';
import { useDrawNow } from '../../src/wiring/useDrawNow';
import { useLobbyDevices } from '../../src/wiring/useLobbyDevices';

/** Before the call of a channel: one goes into the one that runs, or starts it. */
export default function LobbyRoute() {
  const { id = '', kind } = useLocalSearchParams<{ id: string; kind?: string }>();
  const go = useGo();
  const channels = useChannels();
  const me = useMe();
  const channel = channels?.find((one) => one.id === id && one.kind === 'channel');
  if (me === null || channels === null) return <LoadingState />;
  if (channel === undefined) return <NotFound onNavigate={go.replace} />;
  return <ChannelLobby channel={channel} me={me} wanted={kind === 'audio' ? 'audio' : 'video'} />;
}

interface ChannelLobbyProps {
  readonly channel: { readonly id: string; readonly name: string; readonly teamId: string };
  readonly me: { readonly id: string; readonly displayName: string };
  readonly wanted: CallKind;
}

function ChannelLobby({ channel, me, wanted }: ChannelLobbyProps) {
  const client = useParley();
  const go = useGo();
  const running = useChannelCall(channel.id);
  const people = usePeople();
  const devices = useDevicesPanel();
  const drawNow = useDrawNow();
  const kind = running?.kind ?? wanted;
  const { self, choice, controls } = useLobbyDevices(kind, me);
  const [rung, setRung] = useState<readonly string[]>([]);
  const inCall = useClientSnapshot(({ active }) => (active === null ? null : (active.callId ?? 'starting')));
  // Whoever is in a call already has no business here; to one that begins here the follower leads, when it is time to draw it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as it was when the lobby opened
  useEffect(() => {
    if (inCall !== null) go.replace(paths.call(inCall));
  }, []);
  const join = () => {
    const entry = { teamId: channel.teamId, channelId: channel.id, kind, ...choice };
    if (running === null) client.startGroup({ ...entry, people: rung });
    else client.joinCall(running.callId, entry);
    drawNow();
  };
  return (
    <Lobby
      snapshot={{
        title: `# ${channel.name}`,
        kind,
        inside: running?.people ?? [],
        self,
        busy: inCall !== null,
        locked: running?.locked ?? false,
      }}
      {...controls}
      devices={devices}
      onJoin={join}
      onBack={go.back}
      ring={running === null ? { people, chosen: rung, onChoose: setRung } : undefined}
    />
  );
}
