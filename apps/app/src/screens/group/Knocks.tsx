import { View } from 'react-native';
import { useColors } from '../../theme/ThemeProvider';
import { radius, space } from '../../theme/tokens';
import { Button } from '../../ui/Button';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';
import type { Knock } from './snapshots';

export interface KnocksProps {
  readonly knocks: readonly Knock[];
  readonly onAdmit: (knockId: string, admitted: boolean) => void;
}

/** Guests who ask to come in. */
export function Knocks({ knocks, onAdmit }: KnocksProps) {
  const t = useWords();
  const colors = useColors();
  return (
    <View role="status" aria-live="polite" style={{ gap: space(2) }}>
      {knocks.map(({ id, name }) => (
        <View
          key={id}
          style={{
            gap: space(3),
            padding: space(4),
            borderRadius: radius.card,
            backgroundColor: colors.card,
            boxShadow: colors.shadow,
          }}
        >
          <Text weight="medium">{t('group.knocks', { name })}</Text>
          <View style={{ flexDirection: 'row', gap: space(2) }}>
            <Button
              compact
              kind="call"
              label={t('group.letIn')}
              name={t('group.letInName', { name })}
              onPress={() => onAdmit(id, true)}
              style={{ flex: 1 }}
            />
            <Button
              compact
              kind="outline"
              label={t('group.turnAway')}
              name={t('group.turnAwayName', { name })}
              onPress={() => onAdmit(id, false)}
              style={{ flex: 1 }}
            />
          </View>
        </View>
      ))}
    </View>
  );
}
