import { View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { space } from '../theme/tokens';
import { Dialog } from '../ui/Dialog';
import { keysInWords } from '../ui/keys';
import { Text } from '../ui/Text';
import { useWords } from '../words/words';

const ROWS = [
  ['M', 'microphone'],
  ['V', 'camera'],
  ['S', 'share'],
  ['F', 'fullScreen'],
  ['Control+Enter', 'accept'],
  ['Escape', 'close'],
  ['Shift+Escape', 'leave'],
  ['?', 'help'],
] as const;

/** Which keys do what. */
export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const t = useWords();
  const colors = useColors();
  return (
    <Dialog title={t('keys.title')} onClose={onClose} width={420}>
      <View role="list">
        {ROWS.map(([keys, what]) => (
          <View
            key={what}
            role="listitem"
            style={{
              flexDirection: 'row',
              alignItems: 'center',
              justifyContent: 'space-between',
              gap: space(4),
              paddingVertical: space(2),
            }}
          >
            <Text style={{ flexShrink: 1 }}>{t(`keys.${what}`)}</Text>
            <View
              style={{
                borderRadius: 6,
                paddingHorizontal: space(2),
                paddingVertical: 2,
                backgroundColor: colors.control,
              }}
            >
              <Text variant="small" weight="semibold">
                {keysInWords(keys)}
              </Text>
            </View>
          </View>
        ))}
      </View>
      <Text variant="small" tone="quiet">
        {t('keys.note')}
      </Text>
    </Dialog>
  );
}
