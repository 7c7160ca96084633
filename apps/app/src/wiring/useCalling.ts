import { useClientSnapshot, useParley } from '@parley/react';
import { useCallback } from 'react';
import { tick } from '../platform/haptics';
import { type CallKind, kindOf } from '../screens/snapshots';
import { usePermissionGate } from './PermissionGate';
import { useTeam } from './people';

/** Calls a person of the team; undefined while that is not possible. */
export function useCallPerson(): ((userId: string, kind: CallKind, channelId?: string) => void) | undefined {
  const client = useParley();
  const gate = usePermissionGate();
  const teamId = useTeam()?.id;
  const inCall = useClientSnapshot((snapshot) => snapshot.active !== null);
  const call = useCallback(
    (userId: string, kind: CallKind, channelId?: string) => {
      if (teamId === undefined) return;
      tick();
      gate.pass(kind, () => client.startCall({ teamId, channelId: channelId ?? null, callType: kind, userId }));
    },
    [client, gate, teamId],
  );
  // One call at a time is placed from here.
  return teamId === undefined || inCall ? undefined : call;
}

/** Accepts what rings; with audio only, the camera is not even asked for. */
export function useAcceptCall(): (callId: string, withVideo: boolean) => void {
  const client = useParley();
  const gate = usePermissionGate();
  return useCallback(
    (callId, withVideo) => {
      const ringing = () => client.snapshot().incoming.find((call) => call.ring.callId === callId)?.ring;
      const ring = ringing();
      if (!ring) return;
      tick();
      const audioOnly = !withVideo && kindOf(ring.callType) === 'video';
      gate.pass(
        withVideo ? 'video' : 'audio',
        () => client.accept(callId, { audioOnly }),
        () => ringing() !== undefined,
      );
    },
    [client, gate],
  );
}
