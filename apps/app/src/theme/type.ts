import { Platform, type TextStyle } from 'react-native';

export type Weight = 'regular' | 'medium' | 'semibold';

const faces: Record<Weight, string> = {
  regular: 'Inter_400Regular',
  medium: 'Inter_500Medium',
  semibold: 'Inter_600SemiBold',
};

/** A face is a family of its own (phones know no other way), so that `fontWeight` is never set beside it. */
export const faceOf = (weight: Weight): string =>
  Platform.OS === 'web' ? `${faces[weight]}, system-ui, sans-serif` : faces[weight];

export type TextVariant = 'body' | 'small' | 'tiny' | 'heading17' | 'heading22' | 'heading30' | 'figure';

/** Sizes and line heights in points; headings are set a little tighter. */
export const textVariants: Record<TextVariant, TextStyle & { weight: Weight }> = {
  body: { fontSize: 15, lineHeight: 22, weight: 'regular' },
  small: { fontSize: 13, lineHeight: 18, weight: 'regular' },
  tiny: { fontSize: 12, lineHeight: 16, weight: 'regular' },
  heading17: { fontSize: 17, lineHeight: 24, letterSpacing: -0.34, weight: 'semibold' },
  heading22: { fontSize: 22, lineHeight: 28, letterSpacing: -0.44, weight: 'semibold' },
  heading30: { fontSize: 30, lineHeight: 36, letterSpacing: -0.6, weight: 'semibold' },
  figure: { fontSize: 44, lineHeight: 52, letterSpacing: -0.88, weight: 'semibold' },
};

export const tabular: TextStyle = { fontVariant: ['tabular-nums'] };
