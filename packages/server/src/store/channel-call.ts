import { isGroupType, isLiveStatus } from '@parley/domain';
import type { CallView, ChannelCall } from '@parley/protocol';

/** Names that *Join call* shows. */
const NAMED = 5;

/** What those who read in a channel see of its call; null for one that is over, or that is not the channel's. */
export function channelCallOf({ call, seats }: CallView): ChannelCall | null {
  if (call.channelId === null || !isGroupType(call.callType) || !isLiveStatus(call.status)) return null;
  const seated = new Set(seats.map(({ userId }) => userId));
  const people = call.participants.filter(({ userId }) => seated.has(userId)).slice(0, NAMED);
  return {
    id: call.id,
    channelId: call.channelId,
    callType: call.callType,
    status: call.status,
    initiatorId: call.initiatorId,
    createdAt: call.createdAt,
    locked: call.locked,
    count: seated.size,
    people: people.map(({ userId, displayName }) => ({ id: userId, displayName })),
    version: call.version,
  };
}
