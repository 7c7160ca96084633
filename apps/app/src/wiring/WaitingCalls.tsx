import type { OtherCall } from '@parley/client';
import { useClientSnapshot, useParley } from '@parley/react';
import { useMemo } from 'react';
import type { IncomingCallItem, OtherCallItem } from '../screens/snapshots';
import { WaitingCalls as Drawn } from '../screens/WaitingCalls';
import { listOf } from '../words/format';
import { groupName, type NamedChannel } from './callTitle';
import { usePermissionGate } from './PermissionGate';
import { useChannels } from './people';
import { useAcceptCall } from './useCalling';

/** What a call beside the active one is called. */
const otherCallName = ({ callType, channelId, people }: OtherCall, channels: readonly NamedChannel[]): string =>
  groupName(callType, channelId, people, channels) ?? listOf(people.map(({ displayName }) => displayName));

/** Calls beside the one in which somebody is: those that wait, those that are on hold, and those on another device. */
export function WaitingCalls({ calls }: { readonly calls: readonly IncomingCallItem[] }) {
  const client = useParley();
  const accept = useAcceptCall();
  const channels = useChannels();
  const others = useClientSnapshot((snapshot) => snapshot.others);
  const gate = usePermissionGate();
  const [held, elsewhere] = useMemo(() => {
    const items = (wanted: readonly OtherCall[]): readonly OtherCallItem[] =>
      wanted.map((call) => ({ id: call.callId, name: otherCallName(call, channels ?? []) }));
    return [items(others.filter(({ here, onHold }) => here && onHold)), items(others.filter(({ movable }) => movable))];
  }, [others, channels]);
  if (calls.length === 0 && held.length === 0 && elsewhere.length === 0) return null;
  const isVideo = (callId: string) => calls.find(({ id }) => id === callId)?.kind === 'video';
  return (
    <Drawn
      calls={calls}
      held={held}
      onHold={(callId) => accept(callId, isVideo(callId), 'hold')}
      onEndAndAccept={(callId) => accept(callId, isVideo(callId), 'end')}
      onDecline={(callId) => client.decline(callId)}
      elsewhere={elsewhere}
      onMoveHere={(callId) =>
        gate.pass(
          'audio',
          () => client.moveHere(callId),
          () => client.snapshot().others.some((call) => call.callId === callId && call.movable),
        )
      }
      onResume={(callId) => client.resume(callId)}
      onLeave={(callId) => client.leaveHeld(callId)}
    />
  );
}
