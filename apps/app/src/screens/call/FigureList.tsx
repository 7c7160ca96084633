import { View } from 'react-native';
import { space } from '../../theme/tokens';
import { Text } from '../../ui/Text';
import type { Figure } from './figures';

/** Names at the left, figures at the right. */
export function FigureList({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <View style={{ gap: space(2) }}>
      {figures.map(({ label, value }) => (
        <View key={label} style={{ flexDirection: 'row', justifyContent: 'space-between', gap: space(4) }}>
          <Text variant="small" tone="quiet" style={{ flexShrink: 1 }}>
            {label}
          </Text>
          <Text variant="small" weight="medium" figures align="end" style={{ flexShrink: 1 }}>
            {value}
          </Text>
        </View>
      ))}
    </View>
  );
}
