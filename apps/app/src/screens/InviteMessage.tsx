import { View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { radius, space } from '../theme/tokens';
import { Button } from '../ui/Button';
import { Icon } from '../ui/Icon';
import { Text } from '../ui/Text';
import { firstName, timeOfDay } from '../words/format';
import { useWords } from '../words/words';
import type { Person } from './snapshots';

export interface InviteMessageProps {
  readonly author: Person;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Where it leads. */
  readonly path: string;
  readonly onNavigate: ((path: string) => void) | undefined;
}

/** The link of a call between two messages. */
export function InviteMessage({ author, at, path, onNavigate }: InviteMessageProps) {
  const t = useWords();
  const colors = useColors();
  return (
    <View style={{ alignItems: 'center', paddingTop: space(3.5) }}>
      <View
        style={{
          flexDirection: 'row',
          flexWrap: 'wrap',
          alignItems: 'center',
          columnGap: space(3),
          minHeight: 52,
          maxWidth: '100%',
          paddingHorizontal: space(4),
          paddingVertical: space(1),
          borderRadius: radius.card,
          borderWidth: 1,
          borderColor: colors.line,
          backgroundColor: colors.card,
        }}
      >
        <Icon name="link" size={18} tone="quiet" />
        <View style={{ flexShrink: 1 }}>
          <Text variant="small" weight="medium">
            {t('channel.invites', { name: firstName(author.displayName) })}
          </Text>
          <Text variant="tiny" tone="quiet" figures>
            {timeOfDay(at)}
          </Text>
        </View>
        <Button kind="quiet" compact label={t('channel.join')} onPress={onNavigate && (() => onNavigate(path))} />
      </View>
    </View>
  );
}
