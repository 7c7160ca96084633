import { Text as NativeText, type TextProps as NativeTextProps, type StyleProp, type TextStyle } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import type { Palette } from '../theme/tokens';
import { faceOf, type TextVariant, tabular, textVariants, type Weight } from '../theme/type';
import { isWeb, webProps } from './web';

export type Tone =
  | 'ink'
  | 'quiet'
  | 'accent'
  | 'callInk'
  | 'stopInk'
  | 'onAccent'
  | 'onCall'
  | 'onStop'
  | 'onControlOn';

export interface TextProps extends Omit<NativeTextProps, 'role'> {
  readonly variant?: TextVariant;
  readonly tone?: Tone;
  readonly weight?: Weight;
  /** Where the language begins its lines unless said. */
  readonly align?: 'start' | 'center' | 'end';
  /** Figures that change keep their width. */
  readonly figures?: boolean;
  /** Makes it a heading of that level for screen readers. */
  readonly heading?: 1 | 2 | 3;
  readonly role?: NativeTextProps['role'];
}

/**
 * A browser lays each text out in the direction of its own letters (`dir="auto"`), and would align it by them too: a Latin name
 * in an Arabic list would stand at the wrong edge. React Native itself turns `left` and `right` with the language.
 */
const aligned = (align: TextProps['align']): StyleProp<TextStyle> => {
  if (align === 'center') return { textAlign: 'center' };
  if (isWeb) return webProps({ textAlign: align ?? 'start' }) as TextStyle;
  return align === undefined ? null : { textAlign: align === 'start' ? 'left' : 'right' };
};

export function Text({
  variant = 'body',
  tone = 'ink',
  weight,
  align,
  figures,
  heading,
  role,
  style,
  ...rest
}: TextProps) {
  const colors: Palette = useColors();
  const { weight: usual, ...shape } = textVariants[variant];
  const headingProps = heading === undefined ? {} : { role: 'heading' as const, 'aria-level': heading };
  return (
    <NativeText
      {...(role === undefined ? {} : { role })}
      {...headingProps}
      {...rest}
      style={[
        shape,
        { fontFamily: faceOf(weight ?? usual), color: colors[tone] },
        aligned(align),
        figures === true ? tabular : null,
        style,
      ]}
    />
  );
}
