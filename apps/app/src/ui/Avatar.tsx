import { Image, View } from 'react-native';
import { linear } from '../theme/background';
import { gradientOf, initialsOf } from '../theme/gradients';
import { useColors } from '../theme/ThemeProvider';
import type { Palette } from '../theme/tokens';
import { faceOf } from '../theme/type';
import { usePicture } from './pictures';
import { Text } from './Text';

export type Presence = 'online' | 'in_call' | 'offline';

export interface AvatarProps {
  readonly id: string;
  readonly displayName: string;
  readonly size?: number;
  readonly presence?: Presence | undefined;
  /** What lies behind it: the dot is cut out of that. */
  readonly ground?: keyof Palette;
}

/** Initials, and the person's picture over them once it is there. Decoration: the name always stands beside it or in the name of what holds it. */
export function Avatar({ id, displayName, size = 40, presence, ground = 'background' }: AvatarProps) {
  const colors = useColors();
  const { from, to } = gradientOf(id);
  const picture = usePicture(id);
  const dot = Math.max(8, Math.round(size * 0.12));
  const rim = size >= 64 ? 6 : 2;
  return (
    <View aria-hidden style={{ width: size, height: size, pointerEvents: 'none' }}>
      <View
        style={[
          { width: size, height: size, borderRadius: size / 2, alignItems: 'center', justifyContent: 'center' },
          linear(from, to),
        ]}
      >
        <Text
          numberOfLines={1}
          style={{
            color: '#ffffff',
            fontFamily: faceOf('semibold'),
            fontSize: Math.round(size * 0.4),
            lineHeight: Math.round(size * 0.5),
            letterSpacing: size >= 64 ? -size * 0.012 : 0,
          }}
        >
          {initialsOf(displayName)}
        </Text>
      </View>
      {picture === null ? null : (
        <Image
          source={{ uri: picture }}
          resizeMode="cover"
          style={{ position: 'absolute', width: size, height: size, borderRadius: size / 2 }}
        />
      )}
      {presence === undefined ? null : (
        <View
          style={{
            position: 'absolute',
            insetInlineEnd: size >= 64 ? size * 0.075 - rim : -rim - 1,
            bottom: size >= 64 ? size * 0.075 - rim : -rim - 1,
            width: dot + 2 * rim,
            height: dot + 2 * rim,
            borderRadius: dot,
            backgroundColor: colors[ground],
            padding: rim,
          }}
        >
          <View
            style={{
              flex: 1,
              borderRadius: dot,
              // Filled or hollow: told apart without colours too.
              borderWidth: presence === 'offline' ? Math.max(2, dot / 5) : 0,
              borderColor: colors.away,
              backgroundColor:
                presence === 'offline' ? colors[ground] : presence === 'in_call' ? colors.accent : colors.call,
            }}
          />
        </View>
      )}
    </View>
  );
}
