import type { ReactNode } from 'react';
import { View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import type { Palette } from '../theme/tokens';
import { useDirection } from '../words/words';
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
  const drawing = <Drawing size={size} color={colors[tone]} strokeWidth={2} />;
  return (
    <View aria-hidden style={{ width: size, height: size, pointerEvents: 'none' }}>
      {POINTING.has(name) ? <Pointing>{drawing}</Pointing> : drawing}
    </View>
  );
}

/** Those that point along the line: they point the other way where one reads from right to left. */
const POINTING: ReadonlySet<IconName> = new Set(['back', 'left', 'right', 'send', 'signOut', 'sound', 'message']);

function Pointing({ children }: { readonly children: ReactNode }) {
  const turned = useDirection() === 'rtl';
  return <View style={turned ? { transform: [{ scaleX: -1 }] } : null}>{children}</View>;
}
