import { View } from 'react-native';
import { useColors } from '../../theme/ThemeProvider';
import { radius, space } from '../../theme/tokens';
import { Button } from '../../ui/Button';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';

export interface LeaveQuestionProps {
  readonly onLeave: () => void;
  readonly onStay: () => void;
}

/** Asked only where leaving was a key, which is easily hit by mistake. */
export function LeaveQuestion({ onLeave, onStay }: LeaveQuestionProps) {
  const t = useWords();
  const colors = useColors();
  return (
    <View
      style={{
        position: 'absolute',
        inset: 0,
        alignItems: 'center',
        justifyContent: 'center',
        backgroundColor: 'rgba(8, 9, 12, 0.6)',
        padding: space(6),
      }}
    >
      <View
        role="alertdialog"
        aria-modal
        aria-label={t('call.leaveTitle')}
        style={{
          backgroundColor: colors.card,
          borderRadius: radius.card,
          padding: space(6),
          gap: space(5),
          width: 320,
        }}
      >
        <Text variant="heading17" align="center">
          {t('call.leaveTitle')}
        </Text>
        <View style={{ gap: space(2) }}>
          <Button kind="stop" label={t('call.leaveConfirm')} onPress={onLeave} />
          <Button kind="quiet" label={t('call.stay')} onPress={onStay} />
        </View>
      </View>
    </View>
  );
}
