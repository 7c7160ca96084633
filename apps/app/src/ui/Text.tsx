import { Text as NativeText, type TextProps as NativeTextProps } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import type { Palette } from '../theme/tokens';
import { faceOf, type TextVariant, tabular, textVariants, type Weight } from '../theme/type';

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
  readonly align?: 'left' | 'center' | 'right';
  /** Figures that change keep their width. */
  readonly figures?: boolean;
  /** Makes it a heading of that level for screen readers. */
  readonly heading?: 1 | 2 | 3;
  readonly role?: NativeTextProps['role'];
}

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
        align === undefined ? null : { textAlign: align },
        figures === true ? tabular : null,
        style,
      ]}
    />
  );
}
