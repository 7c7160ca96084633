import type { Channel } from '@parley/protocol';
import { useChat, useClientSnapshot } from '@parley/react';
import { useEffect, useMemo } from 'react';
import { kindOf, type RunningCall } from '../screens/snapshots';

/** The call that runs in a channel; null where none does. */
export function useChannelCall(channelId: string): RunningCall | null {
  const call = useClientSnapshot(({ channelCalls }) => channelCalls.get(channelId) ?? null);
  const chat = useChat();
  // Whoever looks for a call listens to its channel.
  useEffect(() => (channelId === '' ? undefined : chat.followChannel(channelId)), [chat, channelId]);
  const mine = useClientSnapshot(({ active }) => active !== null && active.callId === (call?.id ?? ''));
  const me = useClientSnapshot((client) => client.me?.id);
  return useMemo(
    () =>
      call === null
        ? null
        : {
            callId: call.id,
            kind: kindOf(call.callType),
            people: call.people.filter(({ id }) => id !== me),
            count: call.count,
            mine,
            locked: call.locked,
          },
    [call, mine, me],
  );
}

/** So many at most: a connection may listen to 200 topics. */
const MOST_FOLLOWED = 150;

/** The list of channels says where people talk: as long as it is there, all of them are listened to. */
export function useFollowedChannels(channels: readonly Channel[] | null): void {
  const chat = useChat();
  const ids = (channels ?? []).filter(({ kind }) => kind === 'channel').map(({ id }) => id);
  const key = ids.slice(0, MOST_FOLLOWED).join(' ');
  useEffect(() => {
    if (key === '') return;
    const ends = key.split(' ').map((id) => chat.followChannel(id));
    return () => {
      for (const end of ends) end();
    };
  }, [chat, key]);
}
