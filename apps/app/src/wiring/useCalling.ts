import { useParley } from '@parley/react';
import { useCallback } from 'react';
import { tick } from '../platform/haptics';
import { type CallKind, kindOf } from '../screens/snapshots';
import { isInCall } from './EndQuestion';
import { askToEnd } from './endAndCall';
import { usePermissionGate } from './PermissionGate';
import { useTeam } from './people';

/** Calls a person of the team, and asks first whoever is in a call; undefined while that is not possible. */
export function useCallPerson(): ((userId: string, kind: CallKind, channelId?: string) => void) | undefined {
  const client = useParley();
  const gate = usePermissionGate();
  const teamId = useTeam()?.id;
  const call = useCallback(
    (userId: string, kind: CallKind, channelId?: string) => {
      if (teamId === undefined) return;
      tick();
      const begin = () =>
        gate.pass(kind, () => client.startCall({ teamId, channelId: channelId ?? null, callType: kind, userId }));
      if (isInCall(client.snapshot())) askToEnd(begin);
      else begin();
    },
    [client, gate, teamId],
  );
  return teamId === undefined ? undefined : call;
}

/**
 * Accepts what rings; with audio only, the camera is not even asked for.
 * @param accepted once it has gone out; the same function each time
 */
export function useAcceptCall(
  accepted?: () => void,
): (callId: string, withVideo: boolean, others?: 'hold' | 'end') => void {
  const client = useParley();
  const gate = usePermissionGate();
  return useCallback(
    (callId, withVideo, others = 'end') => {
      const ringing = () => client.snapshot().incoming.find((call) => call.ring.callId === callId)?.ring;
      const ring = ringing();
      if (!ring) return;
      tick();
      const audioOnly = !withVideo && kindOf(ring.callType) === 'video';
      gate.pass(
        withVideo ? 'video' : 'audio',
        () => {
          client.accept(callId, { audioOnly, others });
          accepted?.();
        },
        () => ringing() !== undefined,
      );
    },
    [client, gate, accepted],
  );
}
