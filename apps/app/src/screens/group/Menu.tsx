import { View } from 'react-native';
import { radius, size, space } from '../../theme/tokens';
import { Dialog } from '../../ui/Dialog';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import { Press } from '../../ui/Press';
import { Text } from '../../ui/Text';

export interface MenuItem {
  readonly icon: IconName;
  readonly label: string;
  readonly onPress: () => void;
  readonly stop?: boolean;
}

export interface MenuProps {
  readonly title: string;
  readonly items: readonly MenuItem[];
  readonly onClose: () => void;
}

/** What can be done, one below the other; a choice closes it. */
export function Menu({ title, items, onClose }: MenuProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <View style={{ marginHorizontal: -space(3) }}>
        {items.map(({ icon, label, onPress, stop = false }) => (
          <Press
            key={label}
            label={label}
            onPress={() => {
              onClose();
              onPress();
            }}
            style={{ minHeight: size.control, borderRadius: radius.row, justifyContent: 'center' }}
          >
            <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(4), paddingHorizontal: space(3) }}>
              <Icon name={icon} size={20} tone={stop ? 'stopInk' : 'ink'} />
              <Text tone={stop ? 'stopInk' : 'ink'} style={{ flexShrink: 1 }}>
                {label}
              </Text>
            </View>
          </Press>
        ))}
      </View>
    </Dialog>
  );
}
