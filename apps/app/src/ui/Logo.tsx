import { View } from 'react-native';
import Svg, { Path } from 'react-native-svg';
import { useColors } from '../theme/ThemeProvider';

/** The same drawing as public/favicon.svg. */
export function Logo({ size = 56 }: { readonly size?: number }) {
  const colors = useColors();
  return (
    <View
      aria-hidden
      style={{ width: size, height: size, borderRadius: size / 4, backgroundColor: colors.accent, overflow: 'hidden' }}
    >
      <Svg width={size} height={size} viewBox="0 0 64 64">
        <Path
          d="M18 20h28a5 5 0 0 1 5 5v13a5 5 0 0 1-5 5H31l-9 8v-8h-4a5 5 0 0 1-5-5V25a5 5 0 0 1 5-5z"
          fill={colors.onAccent}
        />
        <Path
          d="M24 29v5M30 26.500v10M36 28.500v6M42 30v3"
          stroke={colors.accent}
          strokeWidth={3}
          strokeLinecap="round"
        />
      </Svg>
    </View>
  );
}
