import { View } from 'react-native';
import { space } from '../../theme/tokens';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { useShortcuts } from '../../ui/useShortcuts';
import { useWords } from '../../words/words';

/** One talks in one call at a time. */
export function EndAndCall({ onEnd, onStay }: { readonly onEnd: () => void; readonly onStay: () => void }) {
  const t = useWords();
  useShortcuts({ escape: onStay });
  return (
    <Dialog urgent title={t('call.inCallTitle')} width={340}>
      <View style={{ gap: space(2) }}>
        <Button kind="stop" label={t('call.endAndCall')} onPress={onEnd} />
        <Button kind="quiet" label={t('call.stay')} onPress={onStay} />
      </View>
    </Dialog>
  );
}
