import { useClientSnapshot } from '@parley/react';
import { useLocalSearchParams } from 'expo-router';
import { JoinByLink } from '../../src/screens/group/JoinByLink';
import { NotFound } from '../../src/screens/NotFound';
import { kindOf } from '../../src/screens/snapshots';
import { ErrorState, LoadingState } from '../../src/ui/States';
import { useGo } from '../../src/wiring/navigation';
import { useMe } from '../../src/wiring/session';
import { useDevicesPanel } from '../../src/wiring/useDevicesPanel';
import { type LinkPreview, useDoor, useLinkPreview } from '../../src/wiring/useDoor';
import { useLobbyDevices } from '../../src/wiring/useLobbyDevices';
import { useWords } from '../../src/words/words';

/** Where the link of a call leads: members go in, guests give a name and knock. */
export default function JoinRoute() {
  const { token = '' } = useLocalSearchParams<{ token: string }>();
  const loading = useClientSnapshot(({ session }) => session === 'loading');
  const { look, retry } = useLinkPreview(token);
  if (loading || look.known === 'not yet') return <LoadingState />;
  if (look.known === 'not to be had') return <ErrorState text={look.error} onRetry={retry} />;
  return look.known === 'over' ? <Over /> : <Door token={token} preview={look.preview} />;
}

const NOBODY = {
  id: 'guest',
  displayName: '',
  stream: null,
  isMuted: true,
  videoEnabled: false,
  microphone: null,
  camera: null,
} as const;

function Over() {
  const go = useGo();
  return <NotFound what="link" onNavigate={go.replace} />;
}

function Door({ token, preview }: { readonly token: string; readonly preview: LinkPreview }) {
  const go = useGo();
  const me = useMe();
  const devices = useDevicesPanel();
  const kind = kindOf(preview.callType);
  const { self, choice, controls } = useLobbyDevices(kind, me ?? NOBODY);
  const { state, busy, knock } = useDoor(token, kind, choice);
  return (
    <JoinByLink
      snapshot={{
        title: useWords()('lobby.linkOf', { name: preview.madeBy, team: preview.teamName }),
        kind,
        inside: [],
        count: preview.count,
        self,
        busy,
        guestName: preview.isMember ? null : (me?.displayName ?? ''),
        state,
      }}
      {...controls}
      devices={devices}
      onJoin={() => void knock()}
      onAsk={(name) => void knock(name)}
      onBack={go.back}
    />
  );
}
