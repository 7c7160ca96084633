import type { ReactNode } from 'react';
import { View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { radius, size, space } from '../theme/tokens';
import { Press } from './Press';
import { Text } from './Text';

export interface RowLinkProps {
  readonly href: string;
  /** Accessible name; begins with `title`. */
  readonly label: string;
  readonly title: string;
  readonly lead: ReactNode;
  readonly trail?: ReactNode;
  readonly current?: boolean;
  readonly strong?: boolean;
  readonly onPress?: (() => void) | undefined;
}

/** A row of the sidebar. */
export function RowLink({ href, label, title, lead, trail, current = false, strong = false, onPress }: RowLinkProps) {
  const colors = useColors();
  return (
    <Press
      href={href}
      label={label}
      onPress={onPress}
      current={current}
      style={{
        minHeight: size.touch,
        borderRadius: radius.row,
        paddingHorizontal: space(3),
        justifyContent: 'center',
        backgroundColor: current ? colors.accentGround : 'transparent',
      }}
    >
      <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(3), pointerEvents: 'none' }}>
        {lead}
        <Text
          numberOfLines={1}
          weight={current || strong ? 'semibold' : 'regular'}
          tone={current ? 'accent' : 'ink'}
          style={{ flex: 1 }}
        >
          {title}
        </Text>
        {trail}
      </View>
    </Press>
  );
}
