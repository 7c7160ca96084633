import { View } from 'react-native';
import { paths } from '../paths';
import { useColors } from '../theme/ThemeProvider';
import { radius, space } from '../theme/tokens';
import { Icon } from '../ui/Icon';
import { IconButton } from '../ui/IconButton';
import { Press } from '../ui/Press';
import { Text } from '../ui/Text';
import { dayAndTime, timeOfDay } from '../words/format';
import { useWords } from '../words/words';
import { iconOf, isMissed, whatOf } from './pastCall';
import type { CallHistoryItem } from './snapshots';

export interface CallHistoryRowProps {
  readonly call: CallHistoryItem;
  readonly now: number;
  /** Names the person; off where all calls are with the same one. */
  readonly named: boolean;
  /** Says the day; off where that stands above. */
  readonly dated?: boolean;
  readonly onNavigate?: (path: string) => void;
  readonly onCallBack?: (call: CallHistoryItem) => void;
}

export function CallHistoryRow({ call, now, named, dated = true, onNavigate, onCallBack }: CallHistoryRowProps) {
  const t = useWords();
  const what = whatOf(call);
  const when = dated ? dayAndTime(call.at, now) : timeOfDay(call.at);
  const missed = isMissed(call);
  const unread = call.unread === true;
  const name = call.group ?? call.with.displayName;
  const href = paths.call(call.id);
  const title = named ? name : what;
  const below = named ? `${what} · ${when}` : when;
  const said = named ? `${name}, ${what}, ${when}` : `${what}, ${when}`;
  return (
    <View style={{ flexDirection: 'row', alignItems: 'center', paddingEnd: space(1.5) }}>
      <Press
        href={href}
        label={unread ? t('calls.unreadRow', { call: said }) : said}
        onPress={onNavigate && (() => onNavigate(href))}
        style={{ flex: 1, paddingVertical: space(3), paddingStart: space(4), minHeight: 60, justifyContent: 'center' }}
      >
        <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(3.5), pointerEvents: 'none' }}>
          <Icon name={iconOf(call)} size={20} tone={missed ? 'stopInk' : 'quiet'} />
          <View style={{ flex: 1 }}>
            <Text weight={unread ? 'semibold' : 'medium'} tone={missed ? 'stopInk' : 'ink'} numberOfLines={1} figures>
              {title}
            </Text>
            <Text variant="small" tone="quiet" numberOfLines={2} figures>
              {below}
            </Text>
          </View>
          {unread ? <NewMark /> : null}
        </View>
      </Press>
      {onCallBack === undefined || call.group !== undefined ? null : (
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

function NewMark() {
  const t = useWords();
  const colors = useColors();
  return (
    <View
      style={{
        borderRadius: radius.full,
        backgroundColor: colors.stopGround,
        paddingHorizontal: space(2),
        paddingVertical: space(0.5),
      }}
    >
      <Text variant="tiny" weight="semibold" tone="stopInk">
        {t('calls.new')}
      </Text>
    </View>
  );
}
