import { View } from 'react-native';
import { space } from '../../theme/tokens';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { useWords } from '../../words/words';

export interface LeaveQuestionProps {
  /** The call ends for the others too. */
  readonly forAll?: boolean;
  readonly onLeave: () => void;
  readonly onStay: () => void;
}

/** Asked where leaving was a key, which is easily hit by mistake, and before the others' call is ended. */
export function LeaveQuestion({ forAll = false, onLeave, onStay }: LeaveQuestionProps) {
  const t = useWords();
  return (
    <Dialog urgent title={forAll ? t('group.endTitle') : t('call.leaveTitle')} width={320}>
      <View style={{ gap: space(2) }}>
        <Button kind="stop" label={forAll ? t('group.endForAllShort') : t('call.leaveConfirm')} onPress={onLeave} />
        <Button kind="quiet" label={t('call.stay')} onPress={onStay} />
      </View>
    </Dialog>
  );
}
