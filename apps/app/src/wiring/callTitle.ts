import type { ActiveCall } from '@parley/client';
import { type CallType, isGroupType } from '@parley/domain';
import type { Channel } from '@parley/protocol';
import { firstName, listOf } from '../words/format';
import { t } from '../words/words';
import { useChannels } from './people';

/** So many are named; the others are counted. */
const NAMED = 3;

/** What a call is called while it runs. */
export function useCallTitle(call: ActiveCall | null): string {
  const channels = useChannels();
  if (call === null) return '';
  const others = [...call.people, ...call.ringing];
  return (
    groupName(call.callType, call.channelId, others, channels ?? []) ??
    call.people.map(({ displayName }) => displayName).join(', ')
  );
}

export type NamedChannel = Pick<Channel, 'id' | 'name' | 'kind'>;

/** What a group is called: after its channel, else after the others of it; null of a call of two. */
export function groupName(
  callType: CallType,
  channelId: string | null,
  others: readonly { readonly displayName: string }[],
  channels: readonly NamedChannel[],
): string | null {
  if (!isGroupType(callType)) return null;
  const channel = channels.find(({ id, kind }) => id === channelId && kind === 'channel');
  return channel === undefined ? namesOf(others.map(({ displayName }) => displayName)) : `# ${channel.name}`;
}

/** Some names, and how many more. */
function namesOf(displayNames: readonly string[]): string {
  if (displayNames.length <= 1) return displayNames[0] ?? t('call.region');
  const names = displayNames.slice(0, NAMED).map(firstName);
  const more = displayNames.length - names.length;
  return listOf(more > 0 ? [...names, t('lobby.more', { count: more })] : names);
}
