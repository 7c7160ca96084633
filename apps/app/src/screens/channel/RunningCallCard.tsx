import { View } from 'react-native';
import { useColors } from '../../theme/ThemeProvider';
import { radius, space } from '../../theme/tokens';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Text } from '../../ui/Text';
import { firstName, listOf } from '../../words/format';
import { useWords } from '../../words/words';
import type { RunningCall } from '../snapshots';

export interface RunningCallCardProps {
  readonly call: RunningCall;
  readonly onJoin: (() => void) | undefined;
}

/** So many are named; the others are counted. */
const NAMED = 3;

/** A call that runs in the channel, above its messages. */
export function RunningCallCard({ call, onJoin }: RunningCallCardProps) {
  const t = useWords();
  const colors = useColors();
  const { people, kind, mine } = call;
  const names = people.slice(0, NAMED).map(({ displayName }) => firstName(displayName));
  const more = call.count - names.length - (mine ? 1 : 0);
  const list = listOf(more > 0 ? [...names, t('lobby.more', { count: more })] : names);
  return (
    <View
      role="status"
      style={{
        flexDirection: 'row',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: space(3),
        margin: space(3),
        paddingVertical: space(2),
        paddingHorizontal: space(4),
        borderRadius: radius.card,
        borderWidth: 1,
        borderColor: colors.line,
        backgroundColor: colors.card,
      }}
    >
      <Icon name={kind === 'video' ? 'video' : 'phone'} size={20} tone="callInk" />
      <View style={{ flexGrow: 1, flexShrink: 1, minWidth: 140 }}>
        <Text weight="semibold">{t('channel.callRuns')}</Text>
        {people.length === 0 ? null : (
          <Text variant="small" tone="quiet">
            {t('channel.inCall', { count: names.length + Math.max(0, more), names: list })}
          </Text>
        )}
      </View>
      {mine || onJoin === undefined ? null : (
        <Button compact kind="call" label={t('channel.joinCall')} onPress={onJoin} />
      )}
    </View>
  );
}
