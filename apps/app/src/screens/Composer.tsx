import { useState } from 'react';
import {
  type NativeSyntheticEvent,
  TextInput,
  type TextInputKeyPressEventData,
  View,
  type ViewStyle,
} from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useColors } from '../theme/ThemeProvider';
import { radius, size, space } from '../theme/tokens';
import { faceOf } from '../theme/type';
import { useWide } from '../theme/useWide';
import { IconButton } from '../ui/IconButton';
import { isWeb, webProps } from '../ui/web';
import { useWords } from '../words/words';

export interface ComposerProps {
  readonly placeholder: string;
  readonly onSend: ((text: string) => void) | undefined;
}

const MAX_LENGTH = 4000;
const LINE = 22;

/** Enter sends where there is a keyboard, Shift+Enter breaks the line; on a phone Enter breaks the line. */
export function Composer({ placeholder, onSend }: ComposerProps) {
  const t = useWords();
  const colors = useColors();
  const insets = useSafeAreaInsets();
  const wide = useWide();
  const [text, setText] = useState('');
  const [focused, setFocused] = useState(false);
  const ready = text.trim() !== '' && onSend !== undefined;

  const send = () => {
    if (!ready) return;
    onSend(text.trim());
    setText('');
  };
  const onKeyPress = (event: NativeSyntheticEvent<TextInputKeyPressEventData>) => {
    if (!isWeb || !wide) return;
    const key = event.nativeEvent as unknown as KeyboardEvent;
    // While an input method composes, Enter chooses a word.
    if (key.key !== 'Enter' || key.shiftKey || key.isComposing) return;
    event.preventDefault();
    send();
  };
  const lines = Math.min(6, text.split('\n').length);

  return (
    <View
      style={{
        paddingHorizontal: wide ? space(6) : space(4),
        paddingTop: space(2),
        paddingBottom: (wide ? space(6) : space(3)) + insets.bottom,
      }}
    >
      <View
        style={{
          flexDirection: 'row',
          alignItems: 'flex-end',
          borderWidth: 1,
          borderColor: focused ? colors.accent : colors.line,
          borderRadius: radius.card,
          backgroundColor: colors.card,
          padding: space(1) - 1,
        }}
      >
        <TextInput
          aria-label={t('channel.message')}
          value={text}
          onChangeText={setText}
          onKeyPress={onKeyPress}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
          placeholder={placeholder}
          placeholderTextColor={colors.quiet}
          multiline
          maxLength={MAX_LENGTH}
          style={[
            {
              flex: 1,
              minHeight: size.touch,
              height: isWeb ? lines * LINE + 22 : undefined,
              maxHeight: 6 * LINE + 22,
              paddingHorizontal: space(3),
              paddingVertical: 11,
              color: colors.ink,
              fontFamily: faceOf('regular'),
              fontSize: wide ? 15 : 16,
              lineHeight: LINE,
            },
            webProps({ outlineWidth: 0, resize: 'none' }) as ViewStyle,
          ]}
        />
        <IconButton
          icon="send"
          label={t('channel.send')}
          tone="accent"
          ground="accentGround"
          disabled={!ready}
          onPress={send}
        />
      </View>
    </View>
  );
}
