import type { ReactNode } from 'react';
import { Pressable, ScrollView, View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { radius, space } from '../theme/tokens';
import { useWords } from '../words/words';
import { useModalFocus } from './focus';
import { IconButton } from './IconButton';
import { Text } from './Text';
import { webProps } from './web';

export interface DialogProps {
  readonly title: string;
  /** For what cannot wait. */
  readonly urgent?: boolean;
  /** Beside the heading, and for a press beside the card. Absent: only its buttons lead out. */
  readonly onClose?: () => void;
  /** Points. */
  readonly width?: number;
  readonly children: ReactNode;
}

/** A card above everything else. Esc belongs to whoever opened it. */
export function Dialog({ title, urgent = false, onClose, width = 340, children }: DialogProps) {
  const colors = useColors();
  const t = useWords();
  const ref = useModalFocus();
  return (
    <View style={{ position: 'absolute', inset: 0, alignItems: 'center', justifyContent: 'center', padding: space(4) }}>
      <Pressable
        onPress={onClose}
        aria-hidden
        focusable={false}
        {...webProps({ tabIndex: -1 })}
        style={{ position: 'absolute', inset: 0, backgroundColor: 'rgba(8, 9, 12, 0.6)' }}
      />
      <View
        ref={ref}
        role={urgent ? 'alertdialog' : 'dialog'}
        aria-modal
        aria-label={title}
        style={{
          backgroundColor: colors.card,
          borderRadius: radius.card,
          width: '100%',
          maxWidth: width,
          maxHeight: '100%',
          boxShadow: colors.shadow,
        }}
      >
        <ScrollView contentContainerStyle={{ padding: space(6), gap: space(4) }}>
          <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(2), minHeight: 28 }}>
            <Text variant="heading17" heading={2} align={onClose ? 'start' : 'center'} style={{ flex: 1 }}>
              {title}
            </Text>
            {onClose === undefined ? null : (
              <IconButton
                round
                icon="close"
                tone="quiet"
                label={t('states.close')}
                onPress={onClose}
                style={{ margin: -space(2) }}
              />
            )}
          </View>
          {children}
        </ScrollView>
      </View>
    </View>
  );
}
