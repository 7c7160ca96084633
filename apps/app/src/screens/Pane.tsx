import type { ReactNode } from 'react';
import { ScrollView, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useColors } from '../theme/ThemeProvider';
import { space } from '../theme/tokens';
import { useWide } from '../theme/useWide';
import { PaneHeader } from '../ui/PaneHeader';

export interface PaneProps {
  readonly title: string;
  readonly onBack?: (() => void) | undefined;
  /** Room for two columns. */
  readonly broad?: boolean;
  readonly children: ReactNode;
}

/** A pane with a heading and a column of content that scrolls. */
export function Pane({ title, onBack, broad = false, children }: PaneProps) {
  const colors = useColors();
  const insets = useSafeAreaInsets();
  const wide = useWide();
  return (
    <View style={{ flex: 1, backgroundColor: colors.background }}>
      <PaneHeader title={title} onBack={onBack} />
      <ScrollView
        style={{ flex: 1 }}
        contentContainerStyle={{ flexGrow: 1, padding: space(wide ? 6 : 5), paddingBottom: insets.bottom + space(8) }}
      >
        <View style={{ flexGrow: 1, width: '100%', maxWidth: broad ? 1040 : 640, gap: space(6) }}>{children}</View>
      </ScrollView>
    </View>
  );
}
