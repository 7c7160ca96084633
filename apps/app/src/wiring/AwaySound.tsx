import { useActiveCall, useDevices, useDevicesSnapshot } from '@parley/react';
import { usePathname } from 'expo-router';
import { RemoteAudio } from '../media/RemoteAudio';
import { paths } from '../paths';
import { STARTING } from './CallFollower';

/** Whoever looks at something else during a call still hears it: the call's own page plays it while it is there. */
export function AwaySound() {
  const call = useActiveCall();
  const path = usePathname();
  const devices = useDevices();
  const output = useDevicesSnapshot(({ speaker }) => speaker.chosen);
  if (call === null || path === paths.call(call.callId ?? STARTING)) return null;
  return call.people.map(({ userId, stream }) => (
    <RemoteAudio
      key={userId}
      stream={stream}
      attempt={0}
      output={output}
      onOutputRefused={() => devices.outputRefused('speaker')}
      onBlocked={() => undefined}
      onPlaying={() => undefined}
    />
  ));
}
