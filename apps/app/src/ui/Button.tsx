import { ActivityIndicator, type StyleProp, View, type ViewStyle } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { type Palette, radius, size, space } from '../theme/tokens';
import { Icon } from './Icon';
import type { IconName } from './icons';
import { Press } from './Press';
import { Text, type Tone } from './Text';

export type ButtonKind = 'primary' | 'call' | 'stop' | 'stopQuiet' | 'outline' | 'quiet' | 'accentQuiet';

interface Colours {
  readonly ground: keyof Palette | null;
  readonly ink: Tone;
  readonly outlined?: boolean;
}

const kinds: Record<ButtonKind, Colours> = {
  primary: { ground: 'accent', ink: 'onAccent' },
  call: { ground: 'callFill', ink: 'onCall' },
  stop: { ground: 'stopFill', ink: 'onStop' },
  stopQuiet: { ground: 'stopGround', ink: 'stopInk' },
  outline: { ground: null, ink: 'ink', outlined: true },
  quiet: { ground: null, ink: 'ink' },
  accentQuiet: { ground: 'accentGround', ink: 'accent' },
};

export interface ButtonProps {
  readonly label: string;
  /** Its accessible name, where the words on it say less. */
  readonly name?: string;
  readonly onPress?: (() => void) | undefined;
  readonly kind?: ButtonKind;
  readonly icon?: IconName;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly compact?: boolean;
  readonly href?: string;
  readonly style?: StyleProp<ViewStyle>;
}

export function Button(props: ButtonProps) {
  const {
    label,
    name = label,
    onPress,
    kind = 'primary',
    icon,
    busy = false,
    disabled = false,
    compact = false,
  } = props;
  const colors = useColors();
  const { ground, ink, outlined } = kinds[kind];
  return (
    <Press
      label={name}
      onPress={onPress}
      disabled={disabled || busy}
      {...(props.href === undefined ? {} : { href: props.href })}
      style={[
        {
          minHeight: compact ? size.touch : size.button,
          paddingHorizontal: space(compact ? 4 : 5),
          borderRadius: radius.button,
          backgroundColor: ground === null ? 'transparent' : colors[ground],
          justifyContent: 'center',
          alignItems: 'center',
          paddingVertical: space(1),
        },
        outlined === true ? { borderWidth: 1, borderColor: colors.line, backgroundColor: colors.card } : null,
        props.style,
      ]}
    >
      <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(2.5), pointerEvents: 'none' }}>
        {busy ? (
          // The button itself says what it does, and that it cannot be pressed now.
          <View aria-hidden>
            <ActivityIndicator size="small" color={colors[ink]} />
          </View>
        ) : null}
        {!busy && icon !== undefined ? <Icon name={icon} size={20} tone={ink} /> : null}
        <Text weight="semibold" tone={ink} align="center" style={{ flexShrink: 1 }}>
          {label}
        </Text>
      </View>
    </Press>
  );
}
