import type { ReactNode } from 'react';
import { View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useColors } from '../theme/ThemeProvider';
import { space } from '../theme/tokens';
import { useWide } from '../theme/useWide';
import { useWords } from '../words/words';
import { IconButton } from './IconButton';
import { Text } from './Text';

export interface PaneHeaderProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  /** Only on a phone: there the pane is alone on the screen. */
  readonly onBack?: (() => void) | undefined;
  readonly titlePrefix?: string;
}

export function PaneHeader({ title, titlePrefix, lead, actions, onBack }: PaneHeaderProps) {
  const colors = useColors();
  const insets = useSafeAreaInsets();
  const wide = useWide();
  const t = useWords();
  return (
    <View
      style={{
        minHeight: 64 + insets.top,
        paddingTop: insets.top,
        paddingStart: wide ? space(6) : space(onBack === undefined ? 5 : 1.5),
        paddingEnd: wide ? space(4) : space(2),
        flexDirection: 'row',
        alignItems: 'center',
        gap: space(wide ? 3 : 1.5),
        borderBottomWidth: 1,
        borderBottomColor: colors.line,
      }}
    >
      {!wide && onBack !== undefined ? (
        <IconButton icon="back" label={t('states.back')} onPress={onBack} tone="quiet" />
      ) : null}
      {lead}
      <Text variant="heading17" heading={1} numberOfLines={1} style={{ flex: 1 }}>
        {titlePrefix === undefined ? null : (
          <Text variant="heading17" aria-hidden>
            {titlePrefix}
          </Text>
        )}
        {title}
      </Text>
      {actions === undefined ? null : <View style={{ flexDirection: 'row', gap: space(2) }}>{actions}</View>}
    </View>
  );
}
