import { useActiveCall, useDevicesSnapshot } from '@parley/react';
import { useEffect } from 'react';
import { routeSound } from '../platform/soundRoute';
import { kindOf } from '../screens/snapshots';

/** Where all sound goes one way (phones): the chosen one, for the time of a call. */
export function SoundRoute() {
  const call = useActiveCall();
  const place = useDevicesSnapshot(({ outputs, speaker }) => (outputs === 'one' ? speaker.chosen : null));
  const kind = call === null ? null : kindOf(call.callType);
  useEffect(() => {
    if (kind !== null) void routeSound(place, kind === 'video');
  }, [kind, place]);
  return null;
}
