import { View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useColors } from '../theme/ThemeProvider';
import { space } from '../theme/tokens';
import { Button } from '../ui/Button';
import { Icon } from '../ui/Icon';
import { Text } from '../ui/Text';
import { useWords } from '../words/words';

export interface AskNoticesProps {
  readonly onAllow?: () => void;
  readonly onLater?: () => void;
}

/** Asks for the browser's notices after the first call, with the reason; the browser's own question comes at the press. */
export function AskNotices({ onAllow, onLater }: AskNoticesProps) {
  const t = useWords();
  const colors = useColors();
  const insets = useSafeAreaInsets();
  return (
    <View
      role="region"
      aria-label={t('askNotices.region')}
      style={{
        flexDirection: 'row',
        flexWrap: 'wrap',
        alignItems: 'center',
        justifyContent: 'flex-end',
        columnGap: space(3),
        rowGap: space(1),
        paddingTop: insets.top + space(2),
        paddingBottom: space(2),
        paddingLeft: insets.left + space(3),
        paddingRight: insets.right + space(3),
        backgroundColor: colors.accentGround,
      }}
    >
      <Icon name="bell" size={18} tone="accent" />
      <Text variant="small" weight="medium" style={{ flexGrow: 1, flexBasis: 220, flexShrink: 1 }}>
        {t('askNotices.text')}
      </Text>
      <View
        style={{
          flexDirection: 'row',
          flexWrap: 'wrap',
          justifyContent: 'flex-end',
          gap: space(1),
          maxWidth: '100%',
          flexShrink: 1,
        }}
      >
        <Button compact kind="quiet" label={t('askNotices.later')} onPress={onLater} />
        <Button compact label={t('askNotices.allow')} onPress={onAllow} />
      </View>
    </View>
  );
}
