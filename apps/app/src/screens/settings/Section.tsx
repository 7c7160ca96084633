import type { ReactNode } from 'react';
import { View } from 'react-native';
import { space } from '../../theme/tokens';
import { Notice } from '../../ui/Notice';
import { Text } from '../../ui/Text';
import { errorText } from '../../words/errors';
import type { ErrorCode } from '../snapshots';

export interface SectionProps {
  readonly title: string;
  /** What went wrong here, said where it happened. */
  readonly error?: ErrorCode | null;
  readonly children: ReactNode;
}

/** A part of the settings, under its heading. */
export function Section({ title, error = null, children }: SectionProps) {
  return (
    <View role="region" aria-label={title} style={{ gap: space(3) }}>
      <Text variant="heading17" heading={2}>
        {title}
      </Text>
      {error === null ? null : <Notice tone="stop" icon="alert" role="alert" text={errorText(error)} />}
      {children}
    </View>
  );
}

/** A matter within a part. */
export function Matter({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <View style={{ gap: space(2) }}>
      <Text variant="small" weight="semibold" tone="quiet" heading={3}>
        {title}
      </Text>
      {children}
    </View>
  );
}
