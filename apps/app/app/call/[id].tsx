import type { ActiveCall as Call } from '@parley/client';
import { isGroupType } from '@parley/domain';
import { useActiveCall, useClientSnapshot, useParley } from '@parley/react';
import { useLocalSearchParams } from 'expo-router';
import { useEffect } from 'react';
import { paths } from '../../src/paths';
import { copyText } from '../../src/platform/clipboard';
import { fullScreen } from '../../src/platform/fullScreen';
import { pictureInPicture } from '../../src/platform/pictureInPicture';
import { ActiveCall } from '../../src/screens/ActiveCall';
import { CallSummary } from '../../src/screens/CallSummary';
import { NotFound } from '../../src/screens/NotFound';
import { PlacingCall } from '../../src/screens/PlacingCall';
import { kindOf } from '../../src/screens/snapshots';
import { LoadingState } from '../../src/ui/States';
import { useCallSound } from '../../src/wiring/blockedSound';
import { CallBar } from '../../src/wiring/CallBar';
import { STARTING } from '../../src/wiring/CallFollower';
import { groupName } from '../../src/wiring/callTitle';
import { useChannelCall } from '../../src/wiring/channelCall';
import { GroupLive } from '../../src/wiring/GroupLive';
import { useGo } from '../../src/wiring/navigation';
import { useChannels, usePerson } from '../../src/wiring/people';
import { useShortcutsSheet } from '../../src/wiring/ShortcutsSheet';
import { useMe } from '../../src/wiring/session';
import { activeSnapshot, isBroken, placingSnapshot, summarySnapshot } from '../../src/wiring/stage';
import { useAddable } from '../../src/wiring/useAddable';
import { useCallControls } from '../../src/wiring/useCallControls';
import { useCallPerson } from '../../src/wiring/useCalling';
import { useDevicesPanel } from '../../src/wiring/useDevicesPanel';
import { useEndedCall } from '../../src/wiring/useEndedCall';
import { useInsetCorner } from '../../src/wiring/useInsetCorner';
import { useAfter, useLasting } from '../../src/wiring/useLasting';
import { useOpinion } from '../../src/wiring/useOpinion';
import { useSwitch } from '../../src/wiring/useSwitch';

/** Milliseconds without the server before it is worth a word, and for which good news is told. */
const AWAY_AFTER = 3_000;
const NEWS = 4_000;

export default function CallRoute() {
  const { id = '' } = useLocalSearchParams<{ id: string }>();
  const active = useActiveCall();
  if (active !== null && (active.callId ?? STARTING) === id) return <Live call={active} />;
  // What becomes of a call without a name is for the follower to say.
  return id === STARTING ? <Starting busy={active !== null} /> : <Ended key={id} id={id} />;
}

function Live({ call }: { readonly call: Call }) {
  const go = useGo();
  const { stage } = useParley();
  const { onEnd, ...controls } = useCallControls(call);
  const devices = useDevicesPanel();
  const connection = useClientSnapshot((client) => client.connection);
  const gone = useClientSnapshot(({ active, presence }) =>
    (active?.people ?? []).flatMap(({ userId }) => (presence.has(userId) ? [] : [userId])),
  );
  const serverAway = useLasting(connection !== 'online', AWAY_AFTER);
  const restored = useAfter(isBroken(call), NEWS);
  const around = { connection, gone, serverAway, restored };
  const wholeScreen = useSwitch(fullScreen);
  const smallWindow = useSwitch(pictureInPicture);
  const onShortcuts = useShortcutsSheet();
  const corner = useInsetCorner();
  const soFar = useClientSnapshot((client) => client.measured.get(call.callId ?? '') ?? null);
  // The chat and the summary are read as pages are.
  useEffect(() => () => fullScreen?.set(false), []);
  const other = usePerson(call.people[0]?.userId ?? '');
  const quiet = other !== null && other !== 'loading' && other.quiet === true;
  // Presence is told a moment after the page has come up.
  const away = useLasting(gone.length > 0, 1_000);
  const addable = useAddable(call);
  const group = isGroupType(call.callType);
  const sound = useCallSound();
  const pictures = call.people.some(({ videoEnabled, stream }) => videoEnabled && stream !== null);
  return (
    <>
      {group ? (
        <GroupLive call={call} around={around} devices={devices} sound={sound} />
      ) : call.phase === 'connected' ? (
        <ActiveCall
          snapshot={activeSnapshot(call, around, soFar)}
          {...controls}
          {...corner}
          onDataSaver={(on) => stage.setDataSaver(on)}
          onShare={() => (call.self.screen === null ? stage.share() : stage.stopSharing())}
          fullScreen={wholeScreen}
          pictureInPicture={pictures ? smallWindow : undefined}
          devices={devices}
          sound={sound}
          {...(addable === null ? {} : { addable })}
          onLeave={onEnd}
          onMinimise={go.back}
          onCopy={copyText}
          {...(onShortcuts ? { onShortcuts } : {})}
        />
      ) : (
        <PlacingCall
          snapshot={placingSnapshot(call, call.phase, quiet, away, around)}
          {...controls}
          onCancel={onEnd}
          onLeave={onEnd}
          onMinimise={go.back}
        />
      )}
    </>
  );
}

function Starting({ busy }: { readonly busy: boolean }) {
  const go = useGo();
  // An address that was kept: there is no call behind it.
  useEffect(() => {
    if (!busy) go.replace(paths.home);
  }, [busy, go]);
  return <LoadingState />;
}

function Ended({ id }: { readonly id: string }) {
  const client = useParley();
  const go = useGo();
  const me = useMe();
  const call = useCallPerson();
  const online = useClientSnapshot((snapshot) => snapshot.connection === 'online');
  const ended = useEndedCall(id);
  const isGuest = useClientSnapshot((snapshot) => snapshot.isGuest);
  const figures = useClientSnapshot((snapshot) => snapshot.measured.get(id) ?? null);
  const { opinion, ...ask } = useOpinion(id);
  const channels = useChannels();
  const channelId = ended.state === 'ended' ? ended.summary.channelId : null;
  const running = useChannelCall(channelId ?? '');
  const lives = ended.state === 'lives' && online;
  useEffect(() => {
    // It goes on, but not on this device.
    if (lives) go.replace(paths.home);
  }, [lives, go]);
  if (ended.state === 'unknown') return <NotFound what={isGuest ? 'call' : 'page'} onNavigate={go.replace} />;
  if (ended.state !== 'ended' || me === null) return <LoadingState />;
  const { summary } = ended;
  const again = summary.callAgain;
  const group = groupName(summary.callType, summary.channelId, summary.people, channels ?? []);
  const rejoin = running?.callId === id ? running : null;
  return (
    <>
      <CallBar />
      <CallSummary
        snapshot={summarySnapshot(summary, me, figures, opinion, group)}
        {...ask}
        onDone={() => {
          client.dismissSummary(id);
          go.back();
        }}
        {...(rejoin !== null && channelId !== null
          ? { onRejoin: () => go.replace(paths.lobby(channelId, rejoin.kind)) }
          : {})}
        {...(again !== null && call
          ? { onCallAgain: () => call(again, kindOf(summary.callType), summary.channelId ?? undefined) }
          : {})}
      />
    </>
  );
}
