import type { ReactNode } from 'react';
import { View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useColors } from '../../theme/ThemeProvider';
import { radius, space } from '../../theme/tokens';
import { useWide } from '../../theme/useWide';
import { useModalFocus } from '../../ui/focus';
import { IconButton } from '../../ui/IconButton';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';

export interface SidePanelProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Beside the stage where there is room, over all of it on a phone. */
export function SidePanel({ title, onClose, children }: SidePanelProps) {
  const t = useWords();
  const colors = useColors();
  const wide = useWide();
  const insets = useSafeAreaInsets();
  const ref = useModalFocus();
  return (
    <View
      ref={ref}
      role="complementary"
      aria-label={title}
      style={
        wide
          ? { width: 340, borderRadius: radius.card, backgroundColor: colors.panel, overflow: 'hidden' }
          : { position: 'absolute', inset: 0, backgroundColor: colors.panel, paddingTop: insets.top }
      }
    >
      <View
        style={{
          flexDirection: 'row',
          alignItems: 'center',
          paddingStart: space(4),
          paddingEnd: space(2),
          height: 60,
        }}
      >
        <Text variant="heading17" heading={2} style={{ flex: 1 }}>
          {title}
        </Text>
        <IconButton round icon="close" tone="quiet" label={t('states.close')} onPress={onClose} />
      </View>
      {children}
    </View>
  );
}
