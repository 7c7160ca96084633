import type { ReactNode } from 'react';
import { View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { radius, size, space } from '../theme/tokens';
import { Icon } from './Icon';
import { Press } from './Press';
import { Text } from './Text';

export interface CheckRowProps {
  readonly label: string;
  readonly hint?: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
  /** Before the words. */
  readonly children?: ReactNode;
}

/** A row that is chosen or not, as a whole. */
export function CheckRow({ label, hint, checked, disabled = false, onChange, children }: CheckRowProps) {
  const colors = useColors();
  return (
    <Press
      role="checkbox"
      checked={checked}
      disabled={disabled}
      label={label}
      onPress={() => onChange(!checked)}
      style={{ minHeight: size.control, borderRadius: radius.row, justifyContent: 'center' }}
    >
      <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(3), paddingHorizontal: space(2) }}>
        {children}
        <View style={{ flex: 1 }}>
          <Text numberOfLines={1}>{label}</Text>
          {hint === undefined ? null : (
            <Text variant="small" tone="quiet" numberOfLines={1}>
              {hint}
            </Text>
          )}
        </View>
        <View
          style={{
            width: 24,
            height: 24,
            borderRadius: 7,
            borderWidth: 2,
            borderColor: checked ? colors.accent : colors.quiet,
            backgroundColor: checked ? colors.accent : 'transparent',
            alignItems: 'center',
            justifyContent: 'center',
          }}
        >
          {checked ? <Icon name="check" size={16} tone="onAccent" /> : null}
        </View>
      </View>
    </Press>
  );
}
