import { View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { radius, space } from '../theme/tokens';
import { Icon } from './Icon';
import type { IconName } from './icons';
import { Text } from './Text';

export interface PillProps {
  readonly icon?: IconName;
  readonly text: string;
  /** `veil`: over a picture. */
  readonly ground?: 'control' | 'veil';
  readonly figures?: boolean;
}

/** A short fact on the stage: what protects the call, how long it has lasted. */
export function Pill({ icon, text, ground = 'control', figures = false }: PillProps) {
  const colors = useColors();
  return (
    <View
      style={{
        flexDirection: 'row',
        alignItems: 'center',
        gap: space(2),
        minHeight: 30,
        paddingVertical: space(1),
        paddingHorizontal: space(3),
        borderRadius: radius.full,
        backgroundColor: ground === 'veil' ? 'rgba(13, 14, 18, 0.62)' : colors.card,
        maxWidth: '100%',
      }}
    >
      {icon === undefined ? null : <Icon name={icon} size={14} tone="ink" />}
      <Text variant="small" figures={figures} numberOfLines={2} style={{ flexShrink: 1 }}>
        {text}
      </Text>
    </View>
  );
}
