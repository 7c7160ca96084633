import type { ActiveCall as Call } from '@parley/client';
import { useActiveCall, useClientSnapshot, useParley } from '@parley/react';
import { useLocalSearchParams } from 'expo-router';
import { useEffect } from 'react';
import { paths } from '../../src/paths';
import { keepAwake } from '../../src/platform/awake';
import { ActiveCall } from '../../src/screens/ActiveCall';
import { CallSummary } from '../../src/screens/CallSummary';
import { NotFound } from '../../src/screens/NotFound';
import { PlacingCall } from '../../src/screens/PlacingCall';
import { kindOf } from '../../src/screens/snapshots';
import { LoadingState } from '../../src/ui/States';
import { CallBar } from '../../src/wiring/CallBar';
import { STARTING } from '../../src/wiring/CallFollower';
import { useGo } from '../../src/wiring/navigation';
import { usePermissionGate } from '../../src/wiring/PermissionGate';
import { usePerson } from '../../src/wiring/people';
import { useMe } from '../../src/wiring/session';
import { activeSnapshot, placingSnapshot, summarySnapshot } from '../../src/wiring/stage';
import { useCallPerson } from '../../src/wiring/useCalling';
import { useEndedCall } from '../../src/wiring/useEndedCall';

export default function CallRoute() {
  const { id = '' } = useLocalSearchParams<{ id: string }>();
  const active = useActiveCall();
  if (active !== null && (active.callId ?? STARTING) === id) return <Live call={active} />;
  // What becomes of a call without a name is for the follower to say.
  return id === STARTING ? <Starting busy={active !== null} /> : <Ended id={id} />;
}

function Live({ call }: { readonly call: Call }) {
  const client = useParley();
  const go = useGo();
  const gate = usePermissionGate();
  const other = usePerson(call.people[0]?.userId ?? '');
  const quiet = other !== null && other !== 'loading' && other.quiet === true;
  useEffect(() => keepAwake(), []);
  const controls = {
    onToggleMicrophone: () => client.setMuted(!call.self.isMuted),
    onToggleCamera: () => client.setCamera(!call.self.videoEnabled),
    onExplain: (source: 'microphone' | 'camera') => {
      const problem = call.permissionProblems.find((one) => one.source === source);
      if (problem) gate.explain(problem);
    },
  };
  if (call.phase === 'connected') {
    return (
      <ActiveCall snapshot={activeSnapshot(call)} {...controls} onLeave={() => client.leave()} onMinimise={go.back} />
    );
  }
  return (
    <PlacingCall
      snapshot={placingSnapshot(call, call.phase, quiet)}
      {...controls}
      onCancel={() => client.cancel()}
      onLeave={() => client.leave()}
    />
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
  const lives = ended.state === 'lives' && online;
  useEffect(() => {
    // It goes on, but not on this device.
    if (lives) go.replace(paths.home);
  }, [lives, go]);
  if (ended.state === 'unknown') return <NotFound onNavigate={go.replace} />;
  if (ended.state !== 'ended' || me === null) return <LoadingState />;
  const { summary } = ended;
  const again = summary.callAgain;
  return (
    <>
      <CallBar />
      <CallSummary
        snapshot={summarySnapshot(summary, me.displayName)}
        onDone={() => {
          client.dismissSummary(id);
          go.back();
        }}
        {...(again !== null && call
          ? { onCallAgain: () => call(again, kindOf(summary.callType), summary.channelId ?? undefined) }
          : {})}
      />
    </>
  );
}
