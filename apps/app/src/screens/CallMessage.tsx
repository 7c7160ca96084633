import { View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { radius, space } from '../theme/tokens';
import { Button } from '../ui/Button';
import { Icon } from '../ui/Icon';
import { Text } from '../ui/Text';
import { timeOfDay } from '../words/format';
import { useWords } from '../words/words';
import { iconOf, isMissed, whatOf } from './pastCall';
import type { PastCall } from './snapshots';

export interface CallMessageProps {
  readonly call: PastCall;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly onCallBack?: (call: PastCall) => void;
}

/** A call between two messages: quieter than what somebody wrote, but for one that was missed. */
export function CallMessage({ call, at, onCallBack }: CallMessageProps) {
  const t = useWords();
  const colors = useColors();
  const missed = isMissed(call);
  return (
    <View style={{ alignItems: 'center', paddingTop: space(3.5) }}>
      <View
        style={{
          flexDirection: 'row',
          flexWrap: 'wrap',
          alignItems: 'center',
          columnGap: space(3),
          minHeight: 52,
          maxWidth: '100%',
          paddingStart: space(4),
          paddingEnd: space(onCallBack === undefined ? 4 : 1),
          paddingVertical: space(1),
          borderRadius: radius.card,
          borderWidth: 1,
          borderColor: colors.line,
          backgroundColor: colors.card,
        }}
      >
        <Icon name={iconOf(call)} size={18} tone={missed ? 'stopInk' : 'quiet'} />
        <View style={{ flexShrink: 1 }}>
          <Text variant="small" weight="medium" tone={missed ? 'stopInk' : 'ink'} figures>
            {whatOf(call)}
          </Text>
          <Text variant="tiny" tone="quiet" figures>
            {timeOfDay(at)}
          </Text>
        </View>
        {onCallBack === undefined ? null : (
          <Button
            kind="quiet"
            compact
            label={call.direction === 'incoming' ? t('calls.callBack') : t('summary.callAgain')}
            onPress={() => onCallBack(call)}
          />
        )}
      </View>
    </View>
  );
}
