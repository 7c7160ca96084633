import { type Ref, useState } from 'react';
import { TextInput, type TextInputProps, View, type ViewStyle } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { radius, size, space } from '../theme/tokens';
import { faceOf } from '../theme/type';
import { Text } from './Text';
import { webProps } from './web';

export interface TextFieldProps
  extends Pick<
    TextInputProps,
    'value' | 'onChangeText' | 'autoComplete' | 'autoCapitalize' | 'secureTextEntry' | 'onSubmitEditing' | 'placeholder'
  > {
  /** Stands above the field and is its accessible name. */
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly inputMode?: 'text' | 'email';
  readonly enterKeyHint?: 'next' | 'done' | 'send';
  readonly autoFocus?: boolean;
  readonly readOnly?: boolean;
  readonly maxLength?: number;
  readonly ref?: Ref<TextInput>;
}

export function TextField({ label, hint, error, ref, ...input }: TextFieldProps) {
  const colors = useColors();
  const [focused, setFocused] = useState(false);
  const below = error ?? hint;
  return (
    <View style={{ gap: space(1.5) }}>
      <Text variant="small" weight="medium" aria-hidden>
        {label}
      </Text>
      <TextInput
        {...input}
        {...(ref === undefined ? {} : { ref })}
        aria-label={label}
        autoCorrect={false}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        placeholderTextColor={colors.quiet}
        {...webProps({ 'aria-invalid': error !== undefined })}
        style={[
          {
            minHeight: size.button,
            borderRadius: radius.button,
            borderWidth: 1,
            borderColor: error !== undefined ? colors.stop : focused ? colors.accent : colors.line,
            backgroundColor: colors.background,
            color: colors.ink,
            paddingHorizontal: space(3.5),
            paddingVertical: space(3),
            // 16 keeps iOS Safari from zooming into the page.
            fontSize: 16,
            fontFamily: faceOf('regular'),
          },
          // The border already says that it has the focus; the ring would be drawn twice.
          webProps({
            outlineWidth: focused ? 1 : 0,
            outlineColor: colors.accent,
            outlineStyle: 'solid',
            outlineOffset: 0,
          }) as ViewStyle,
        ]}
      />
      {below === undefined ? null : (
        <Text
          variant="small"
          tone={error === undefined ? 'quiet' : 'stopInk'}
          {...(error === undefined ? {} : { role: 'alert' })}
        >
          {below}
        </Text>
      )}
    </View>
  );
}
