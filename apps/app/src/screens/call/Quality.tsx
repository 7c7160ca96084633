import { View } from 'react-native';
import { space } from '../../theme/tokens';
import { Icon } from '../../ui/Icon';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';
import type { ActiveCallSnapshot } from '../snapshots';

/** The connection in words, at the left of the controls. */
export function Quality({ quality }: { readonly quality: ActiveCallSnapshot['quality'] }) {
  const t = useWords();
  if (quality === null) return null;
  return (
    <View
      style={{
        position: 'absolute',
        insetInlineStart: space(5),
        bottom: space(9),
        flexDirection: 'row',
        alignItems: 'center',
        gap: space(2),
        pointerEvents: 'none',
      }}
    >
      <Icon name="signal" size={16} tone={quality === 'good' ? 'speaking' : quality === 'fair' ? 'quiet' : 'stopInk'} />
      <Text variant="small" tone="quiet">
        {t(`quality.${quality}`)}
      </Text>
    </View>
  );
}
