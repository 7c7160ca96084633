import { View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { StageTheme, useColors } from '../theme/ThemeProvider';
import { radius, space } from '../theme/tokens';
import { Text } from './Text';

export interface Toast {
  readonly id: string;
  readonly text: string;
}

/**
 * Short notices that go by themselves (their owner takes them away). The live region is there before the first one comes:
 * screen readers do not speak what appears together with its region.
 */
export function Toasts({ toasts }: { readonly toasts: readonly Toast[] }) {
  const insets = useSafeAreaInsets();
  return (
    <View
      style={{
        position: 'absolute',
        left: space(4),
        right: space(4),
        bottom: insets.bottom + space(24),
        alignItems: 'center',
        pointerEvents: 'none',
      }}
    >
      <StageTheme>
        <View role="status" aria-live="polite" style={{ alignItems: 'center', gap: space(2), maxWidth: '100%' }}>
          {toasts.map((toast) => (
            <ToastCard key={toast.id} text={toast.text} />
          ))}
        </View>
      </StageTheme>
    </View>
  );
}

function ToastCard({ text }: { readonly text: string }) {
  const colors = useColors();
  return (
    <View
      style={{
        backgroundColor: colors.card,
        borderRadius: radius.button,
        paddingVertical: space(3),
        paddingHorizontal: space(4.5),
        boxShadow: colors.shadow,
        maxWidth: 480,
      }}
    >
      <Text weight="medium">{text}</Text>
    </View>
  );
}
