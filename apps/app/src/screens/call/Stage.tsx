import type { ReactNode } from 'react';
import { type StyleProp, View, type ViewStyle } from 'react-native';
import { backgroundImage } from '../../theme/background';
import { gradientOf } from '../../theme/gradients';
import { StageTheme } from '../../theme/ThemeProvider';
import { stage } from '../../theme/tokens';
import { webProps } from '../../ui/web';

/** Points that the header and the controls of a desktop take up, and the header of a phone. */
export const HEADER = 64;
export const BAR = 92;
export const PHONE_HEADER = 80;

export interface StageProps {
  readonly children: ReactNode;
  readonly style?: StyleProp<ViewStyle>;
  readonly onTouchStart?: () => void;
}

/** The dark, steady ground of a call. */
export function Stage({ children, style, onTouchStart }: StageProps) {
  return (
    <StageTheme>
      <View
        style={[{ flex: 1, backgroundColor: stage.background, overflow: 'hidden' }, style]}
        {...(onTouchStart === undefined ? {} : { onTouchStart })}
        {...webProps({ dataSet: { ground: 'stage' } })}
      >
        {children}
      </View>
    </StageTheme>
  );
}

/** The light that a person's colour throws from above, or around their face on a tile. */
export function Glow({ id, from = 'above' }: { readonly id: string; readonly from?: 'above' | 'within' }) {
  const { glow } = gradientOf(id);
  const shape = from === 'above' ? '130% 62% at 50% 0%' : '75% 62% at 50% 45%';
  return (
    <View
      style={[
        { position: 'absolute', inset: 0, pointerEvents: 'none' },
        backgroundImage(`radial-gradient(${shape}, ${glow} 0%, rgba(13, 14, 18, 0) 100%)`),
      ]}
    />
  );
}

/**
 * Darkens a picture where words and controls stand on it: as far as those reach so much that quiet words keep 4.5 : 1 on white,
 * and then less and less.
 */
export function Scrim({ edge, height }: { readonly edge: 'top' | 'bottom'; readonly height: number }) {
  const direction = edge === 'top' ? 'to bottom' : 'to top';
  return (
    <View
      style={[
        { position: 'absolute', left: 0, right: 0, height, pointerEvents: 'none' },
        edge === 'top' ? { top: 0 } : { bottom: 0 },
        backgroundImage(
          `linear-gradient(${direction}, rgba(8, 9, 12, 0.9), rgba(8, 9, 12, 0.8) 40%, rgba(8, 9, 12, 0.45) 70%, rgba(8, 9, 12, 0))`,
        ),
      ]}
    />
  );
}
