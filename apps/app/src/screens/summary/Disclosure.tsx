import { type ReactNode, useState } from 'react';
import { View } from 'react-native';
import { radius, size, space } from '../../theme/tokens';
import { Icon } from '../../ui/Icon';
import { Press } from '../../ui/Press';
import { Text } from '../../ui/Text';

export interface DisclosureProps {
  readonly label: string;
  readonly opensAtOnce?: boolean;
  readonly children: ReactNode;
}

/** What not everybody wants to read. */
export function Disclosure({ label, opensAtOnce = false, children }: DisclosureProps) {
  const [open, setOpen] = useState(opensAtOnce);
  return (
    <View>
      <Press
        label={label}
        expanded={open}
        onPress={() => setOpen(!open)}
        style={{
          minHeight: size.touch,
          justifyContent: 'center',
          borderRadius: radius.row,
          paddingHorizontal: space(4),
        }}
      >
        <View style={{ flexDirection: 'row', alignItems: 'center', justifyContent: 'space-between', gap: space(2) }}>
          <Text variant="small" tone="quiet">
            {label}
          </Text>
          <Icon name={open ? 'down' : 'right'} size={16} tone="quiet" />
        </View>
      </Press>
      {open ? <View style={{ paddingHorizontal: space(4), paddingBottom: space(4) }}>{children}</View> : null}
    </View>
  );
}
