import type { StyleProp, ViewStyle } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { type Palette, radius, size } from '../theme/tokens';
import { Icon } from './Icon';
import type { IconName } from './icons';
import { Press } from './Press';

export interface IconButtonProps {
  readonly label: string;
  readonly icon: IconName;
  readonly onPress?: (() => void) | undefined;
  readonly href?: string;
  readonly disabled?: boolean;
  readonly tone?: keyof Palette;
  readonly ground?: keyof Palette;
  readonly iconSize?: number;
  readonly round?: boolean;
  readonly current?: boolean;
  /** The key that does the same, as `aria-keyshortcuts` writes it. */
  readonly keys?: string;
  readonly style?: StyleProp<ViewStyle>;
}

/** 44 points wide and high at least. */
export function IconButton(props: IconButtonProps) {
  const { label, icon, onPress, tone = 'ink', ground, iconSize = 20, round = false } = props;
  const colors = useColors();
  return (
    <Press
      label={label}
      onPress={onPress}
      {...(props.href === undefined ? {} : { href: props.href })}
      {...(props.disabled === undefined ? {} : { disabled: props.disabled })}
      tip={label}
      {...(props.keys === undefined ? {} : { keys: props.keys })}
      {...(props.current === undefined ? {} : { current: props.current })}
      style={[
        {
          width: size.touch,
          height: size.touch,
          borderRadius: round ? radius.full : radius.row,
          alignItems: 'center',
          justifyContent: 'center',
          backgroundColor: ground === undefined ? 'transparent' : colors[ground],
        },
        props.style,
      ]}
    >
      <Icon name={icon} size={iconSize} tone={tone} />
    </Press>
  );
}
