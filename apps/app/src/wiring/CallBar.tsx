import { useActiveCall } from '@parley/react';
import { View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { paths } from '../paths';
import { useColors } from '../theme/ThemeProvider';
import { size, space } from '../theme/tokens';
import { Icon } from '../ui/Icon';
import { Press } from '../ui/Press';
import { Text } from '../ui/Text';
import { useWords } from '../words/words';
import { STARTING } from './CallFollower';
import { useGo } from './navigation';

/** While a call goes on elsewhere in the app: the way back to it. */
export function CallBar() {
  const call = useActiveCall();
  const t = useWords();
  const go = useGo();
  const colors = useColors();
  const insets = useSafeAreaInsets();
  if (call === null) return null;
  const name = call.people.map(({ displayName }) => displayName).join(', ');
  return (
    <Press
      label={t('call.backToCall')}
      onPress={() => go.to(paths.call(call.callId ?? STARTING))}
      style={{ backgroundColor: colors.callFill, paddingTop: insets.top }}
    >
      <View
        style={{
          minHeight: size.touch,
          flexDirection: 'row',
          alignItems: 'center',
          justifyContent: 'center',
          gap: space(2),
          paddingHorizontal: space(4),
          pointerEvents: 'none',
        }}
      >
        <Icon name="phone" size={16} tone="onCall" />
        <Text weight="semibold" tone="onCall" numberOfLines={1}>
          {t('call.ongoing', { name })}
        </Text>
      </View>
    </Press>
  );
}
