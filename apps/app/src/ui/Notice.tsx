import type { ReactNode } from 'react';
import { View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { type Palette, radius, space } from '../theme/tokens';
import { Icon } from './Icon';
import type { IconName } from './icons';
import { Text, type Tone } from './Text';

export type NoticeTone = 'plain' | 'accent' | 'stop';

const tones: Record<NoticeTone, { ground: keyof Palette; ink: Tone }> = {
  plain: { ground: 'card', ink: 'ink' },
  accent: { ground: 'accentGround', ink: 'accent' },
  stop: { ground: 'stopGround', ink: 'stopInk' },
};

export interface NoticeProps {
  readonly text: string;
  readonly tone?: NoticeTone;
  readonly icon?: IconName;
  /** `alert` interrupts a screen reader, `status` waits, `none` is for notices inside of a live region. */
  readonly role?: 'alert' | 'status' | 'none';
  readonly action?: ReactNode;
}

/** A sentence about what is going on, in place. */
export function Notice({ text, tone = 'plain', icon, role = 'status', action }: NoticeProps) {
  const colors = useColors();
  const { ground, ink } = tones[tone];
  return (
    <View
      style={{
        flexDirection: 'row',
        // On a narrow window the action goes under the sentence.
        flexWrap: action === undefined ? 'nowrap' : 'wrap',
        alignItems: 'center',
        gap: space(2.5),
        minHeight: 44,
        paddingVertical: space(2),
        paddingStart: space(3.5),
        paddingEnd: space(action === undefined ? 3.5 : 1.5),
        borderRadius: radius.button,
        backgroundColor: colors[ground],
        maxWidth: '100%',
      }}
    >
      {icon === undefined ? null : <Icon name={icon} size={18} tone={ink} />}
      <Text
        variant="small"
        weight="medium"
        tone={ink}
        {...(role === 'none' ? {} : { role })}
        style={action === undefined ? { flexShrink: 1 } : { flexGrow: 1, flexShrink: 1, flexBasis: 160 }}
      >
        {text}
      </Text>
      {action}
    </View>
  );
}
