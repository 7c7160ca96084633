import { radius } from '../../theme/tokens';
import { Dialog } from '../../ui/Dialog';
import { Pill } from '../../ui/Pill';
import { Press } from '../../ui/Press';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';
import type { ActiveCallSnapshot } from '../snapshots';

type Kind = NonNullable<ActiveCallSnapshot['protection']>;

/** What protects the call, in words; a press says what they mean. */
export function ProtectionBadge({ protection, onPress }: { readonly protection: Kind; readonly onPress: () => void }) {
  const t = useWords();
  const text = t(`protection.${protection}`);
  return (
    <Press
      label={text}
      onPress={onPress}
      style={{ minHeight: 44, maxWidth: '100%', justifyContent: 'center', borderRadius: radius.full }}
    >
      <Pill ground="veil" icon="lock" text={text} />
    </Press>
  );
}

export function ProtectionDialog({ protection, onClose }: { readonly protection: Kind; readonly onClose: () => void }) {
  const t = useWords();
  return (
    <Dialog title={t(`protection.${protection}`)} onClose={onClose}>
      <Text tone="quiet">{t(`protection.${protection}_why`)}</Text>
    </Dialog>
  );
}
