import { View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { radius, space } from '../theme/tokens';
import { Text } from './Text';

/** A number that wants to be seen. The control that holds it says it in its name. */
export function Badge({ count }: { readonly count: number }) {
  const colors = useColors();
  if (count <= 0) return null;
  return (
    <View
      aria-hidden
      style={{
        minWidth: 22,
        height: 20,
        borderRadius: radius.full,
        paddingHorizontal: space(1.5),
        backgroundColor: colors.stopFill,
        alignItems: 'center',
        justifyContent: 'center',
      }}
    >
      <Text variant="tiny" weight="semibold" tone="onStop" figures>
        {count > 99 ? '99+' : count}
      </Text>
    </View>
  );
}
