import { useActiveCall } from '@parley/react';
import { paths } from '../paths';
import { CallBar as Bar } from '../screens/CallBar';
import { STARTING } from './CallFollower';
import { useCallTitle } from './callTitle';
import { useGo } from './navigation';
import { isBroken } from './stage';
import { useCallControls } from './useCallControls';

/** While a call goes on elsewhere in the app. */
export function CallBar() {
  const call = useActiveCall();
  const go = useGo();
  const { onToggleMicrophone, onEnd } = useCallControls(call);
  const name = useCallTitle(call);
  if (call === null) return null;
  return (
    <Bar
      snapshot={{
        name,
        phase: call.phase,
        onAnotherCall: call.onAnotherCall,
        connectedAt: call.connectedAt,
        reconnecting: isBroken(call),
        isMuted: call.self.isMuted || call.permissionProblems.some(({ source }) => source === 'microphone'),
      }}
      onBack={() => go.to(paths.call(call.callId ?? STARTING))}
      onToggleMicrophone={onToggleMicrophone}
      onEnd={onEnd}
    />
  );
}
