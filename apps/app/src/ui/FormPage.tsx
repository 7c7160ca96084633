import type { ReactNode } from 'react';
import { KeyboardAvoidingView, Platform, ScrollView, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useColors } from '../theme/ThemeProvider';
import { space } from '../theme/tokens';
import { useWide } from '../theme/useWide';
import { Card } from './Card';
import { Logo } from './Logo';
import { Text } from './Text';

export interface FormPageProps {
  readonly title: string;
  readonly text?: string;
  readonly children: ReactNode;
  /** Beneath the card. */
  readonly below?: ReactNode;
}

/** One thing to fill in: in the middle on a desktop, the whole screen on a phone. */
export function FormPage({ title, text, children, below }: FormPageProps) {
  const colors = useColors();
  const insets = useSafeAreaInsets();
  const wide = useWide();
  const form = <View style={{ gap: space(4), padding: wide ? space(6) : 0 }}>{children}</View>;
  return (
    <KeyboardAvoidingView
      behavior={Platform.OS === 'ios' ? 'padding' : undefined}
      style={{ flex: 1, backgroundColor: colors.background }}
    >
      <ScrollView
        keyboardShouldPersistTaps="handled"
        contentContainerStyle={{
          flexGrow: 1,
          justifyContent: wide ? 'center' : 'flex-start',
          alignItems: 'center',
          paddingTop: insets.top + space(wide ? 5 : 12),
          paddingBottom: insets.bottom + space(wide ? 5 : 8),
          paddingHorizontal: space(5),
        }}
      >
        <View role="main" style={{ width: '100%', maxWidth: 420, gap: space(5) }}>
          <View style={{ alignItems: 'center', gap: space(2) }}>
            <Logo />
            <Text variant="heading22" heading={1} align="center" style={{ marginTop: space(2) }}>
              {title}
            </Text>
            {text === undefined ? null : (
              <Text tone="quiet" align="center">
                {text}
              </Text>
            )}
          </View>
          {wide ? <Card>{form}</Card> : form}
          {below}
        </View>
      </ScrollView>
    </KeyboardAvoidingView>
  );
}
