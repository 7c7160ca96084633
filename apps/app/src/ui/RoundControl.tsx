import { View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { type Palette, radius, size, space } from '../theme/tokens';
import { Icon } from './Icon';
import type { IconName } from './icons';
import { Press } from './Press';
import { Text } from './Text';

export type RoundControlKind = 'plain' | 'on' | 'stop' | 'call';

export interface RoundControlProps {
  /** Accessible name. */
  readonly label: string;
  /** Words beneath it, where there is room to say what it does. */
  readonly caption?: string;
  readonly icon: IconName;
  readonly onPress?: (() => void) | undefined;
  readonly kind?: RoundControlKind;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  /** The key that does the same, as `aria-keyshortcuts` writes it. */
  readonly keys?: string;
  /** `pill`: the broader shape of the control that ends a call. */
  readonly shape?: 'round' | 'pill' | 'large';
}

const grounds: Record<RoundControlKind, { ground: keyof Palette; ink: keyof Palette }> = {
  plain: { ground: 'control', ink: 'ink' },
  on: { ground: 'controlOn', ink: 'onControlOn' },
  stop: { ground: 'stopFill', ink: 'onStop' },
  call: { ground: 'callFill', ink: 'onCall' },
};

const shapes = {
  round: { width: size.control, height: size.control, icon: 22 },
  pill: { width: 68, height: size.control, icon: 24 },
  large: { width: 76, height: 76, icon: 32 },
} as const;

/** A control of the stage: 52 points, round. */
export function RoundControl(props: RoundControlProps) {
  const { label, caption, icon, onPress, kind = 'plain', pressed, disabled, shape = 'round' } = props;
  const colors = useColors();
  const { ground, ink } = grounds[kind];
  const { width, height, icon: iconSize } = shapes[shape];
  const button = (
    <Press
      label={label}
      onPress={onPress}
      {...(caption === undefined ? { tip: label } : {})}
      {...(props.keys === undefined ? {} : { keys: props.keys })}
      {...(pressed === undefined ? {} : { pressed })}
      {...(disabled === undefined ? {} : { disabled })}
      style={{
        width,
        height,
        borderRadius: radius.full,
        backgroundColor: colors[ground],
        alignItems: 'center',
        justifyContent: 'center',
      }}
    >
      <Icon name={icon} size={iconSize} tone={ink} />
    </Press>
  );
  if (caption === undefined) return button;
  return (
    <View style={{ alignItems: 'center', gap: space(3) }}>
      {button}
      <Text variant="small" aria-hidden>
        {caption}
      </Text>
    </View>
  );
}
