import { View } from 'react-native';
import { useColors } from '../../theme/ThemeProvider';
import { radius, space } from '../../theme/tokens';
import { useModalFocus } from '../../ui/focus';
import { Press } from '../../ui/Press';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';

/** What can be said without a word. */
const REACTIONS = ['👍', '👏', '❤️', '😂', '😮', '🎉'] as const;
type Emoji = (typeof REACTIONS)[number];

const names = {
  '👍': 'group.reaction.thumbsUp',
  '👏': 'group.reaction.applause',
  '❤️': 'group.reaction.heart',
  '😂': 'group.reaction.laughter',
  '😮': 'group.reaction.surprise',
  '🎉': 'group.reaction.party',
} as const satisfies Record<Emoji, string>;

export interface ReactionsProps {
  readonly onReact: (emoji: Emoji) => void;
}

/** A row of them above the controls; stays until it is closed, so that one can applaud twice. */
export function Reactions({ onReact }: ReactionsProps) {
  const t = useWords();
  const colors = useColors();
  const ref = useModalFocus();
  return (
    <View
      ref={ref}
      role="group"
      aria-label={t('group.react')}
      style={{
        flexDirection: 'row',
        alignSelf: 'center',
        padding: space(1),
        borderRadius: radius.full,
        backgroundColor: colors.card,
        boxShadow: colors.shadow,
      }}
    >
      {REACTIONS.map((emoji) => (
        <Press
          key={emoji}
          label={t(names[emoji])}
          onPress={() => onReact(emoji)}
          style={{ width: 48, height: 48, borderRadius: 24, alignItems: 'center', justifyContent: 'center' }}
        >
          <Text aria-hidden style={{ fontSize: 24, lineHeight: 32 }}>
            {emoji}
          </Text>
        </Press>
      ))}
    </View>
  );
}
