import { View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import type { Palette } from '../theme/tokens';
import { type IconName, icons } from './icons';

export interface IconProps {
  readonly name: IconName;
  readonly size?: number;
  readonly tone?: keyof Palette;
}

/** Always decoration: the control around it has the name. */
export function Icon({ name, size = 22, tone = 'ink' }: IconProps) {
  const colors = useColors();
  const Drawing = icons[name];
  return (
    <View aria-hidden style={{ width: size, height: size, pointerEvents: 'none' }}>
      <Drawing size={size} color={colors[tone]} strokeWidth={2} />
    </View>
  );
}
