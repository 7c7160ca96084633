import { View } from 'react-native';
import { space } from '../../theme/tokens';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { useWords } from '../../words/words';

export interface LeaveQuestionProps {
  readonly onLeave: () => void;
  readonly onStay: () => void;
}

/** Asked only where leaving was a key, which is easily hit by mistake. */
export function LeaveQuestion({ onLeave, onStay }: LeaveQuestionProps) {
  const t = useWords();
  return (
    <Dialog urgent title={t('call.leaveTitle')} width={320}>
      <View style={{ gap: space(2) }}>
        <Button kind="stop" label={t('call.leaveConfirm')} onPress={onLeave} />
        <Button kind="quiet" label={t('call.stay')} onPress={onStay} />
      </View>
    </Dialog>
  );
}
