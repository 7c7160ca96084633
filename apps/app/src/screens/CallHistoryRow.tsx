import { View } from 'react-native';
import { paths } from '../paths';
import { space } from '../theme/tokens';
import { Icon } from '../ui/Icon';
import { IconButton } from '../ui/IconButton';
import type { IconName } from '../ui/icons';
import { Press } from '../ui/Press';
import { Text } from '../ui/Text';
import { briefDuration, dayAndTime } from '../words/format';
import { useWords } from '../words/words';
import type { CallHistoryItem } from './snapshots';

export interface CallHistoryRowProps {
  readonly call: CallHistoryItem;
  readonly now: number;
  /** Names the person; off where all calls are with the same one. */
  readonly named: boolean;
  readonly onNavigate?: (path: string) => void;
  readonly onCallBack?: (call: CallHistoryItem) => void;
}

const isMissed = (call: CallHistoryItem): boolean => call.heading === 'call_missed';

function iconOf(call: CallHistoryItem): IconName {
  if (isMissed(call)) return 'phoneMissed';
  if (call.kind === 'video') return 'video';
  return call.direction === 'incoming' ? 'phoneIncoming' : 'phoneOutgoing';
}

function useWhat(call: CallHistoryItem): string {
  const t = useWords();
  const video = call.kind === 'video';
  if (isMissed(call)) return video ? t('calls.missedVideo') : t('calls.missedAudio');
  if (call.heading === 'call_declined') return video ? t('calls.declinedVideo') : t('calls.declinedAudio');
  if (call.heading === 'call_ended' && call.durationSeconds === null) {
    return video ? t('calls.unansweredVideo') : t('calls.unansweredAudio');
  }
  if (call.durationSeconds === null) return video ? t('calls.noAnswerVideo') : t('calls.noAnswerAudio');
  const what = video ? t('calls.video') : t('calls.audio');
  return t('calls.withDuration', { what, duration: briefDuration(call.durationSeconds) });
}

export function CallHistoryRow({ call, now, named, onNavigate, onCallBack }: CallHistoryRowProps) {
  const t = useWords();
  const what = useWhat(call);
  const when = dayAndTime(call.at, now);
  const missed = isMissed(call);
  const name = call.with.displayName;
  const href = paths.call(call.id);
  const title = named ? name : what;
  const below = named ? `${what} · ${when}` : when;
  return (
    <View style={{ flexDirection: 'row', alignItems: 'center', paddingRight: space(1.5) }}>
      <Press
        href={href}
        label={named ? `${name}, ${what}, ${when}` : `${what}, ${when}`}
        onPress={onNavigate && (() => onNavigate(href))}
        style={{ flex: 1, paddingVertical: space(3), paddingLeft: space(4), minHeight: 60, justifyContent: 'center' }}
      >
        <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(3.5), pointerEvents: 'none' }}>
          <Icon name={iconOf(call)} size={20} tone={missed ? 'stopInk' : 'quiet'} />
          <View style={{ flex: 1 }}>
            <Text
              weight={missed || call.unread === true ? 'semibold' : 'medium'}
              tone={missed ? 'stopInk' : 'ink'}
              numberOfLines={1}
              figures
            >
              {title}
            </Text>
            <Text variant="small" tone="quiet" numberOfLines={1} figures>
              {below}
            </Text>
          </View>
        </View>
      </Press>
      {onCallBack === undefined ? null : (
        <IconButton
          icon={call.kind === 'video' ? 'video' : 'phone'}
          tone="callInk"
          label={call.kind === 'video' ? t('calls.callBackVideo', { name }) : t('calls.callBackAudio', { name })}
          onPress={() => onCallBack(call)}
        />
      )}
    </View>
  );
}
