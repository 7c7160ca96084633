import type { ReactNode } from 'react';
import { ActivityIndicator, View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { type Palette, space } from '../theme/tokens';
import { useWords } from '../words/words';
import { Button } from './Button';
import { Icon } from './Icon';
import type { IconName } from './icons';
import { Notice } from './Notice';
import { Text } from './Text';

export interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text?: string;
  readonly tone?: 'accent' | 'stop';
  readonly heading?: 1 | 2;
  /** It takes the place of what one was about to do: the text is read out. */
  readonly alert?: boolean;
  readonly children?: ReactNode;
}

/** One picture, one sentence, and what can be done. */
export function EmptyState({ icon, title, text, tone = 'accent', heading, alert = false, children }: EmptyStateProps) {
  const colors = useColors();
  const ground: keyof Palette = tone === 'accent' ? 'accentGround' : 'stopGround';
  return (
    <View style={{ flex: 1, alignItems: 'center', justifyContent: 'center', padding: space(6), gap: space(2) }}>
      <View
        style={{
          width: 72,
          height: 72,
          borderRadius: 24,
          backgroundColor: colors[ground],
          alignItems: 'center',
          justifyContent: 'center',
          marginBottom: space(3),
        }}
      >
        <Icon name={icon} size={30} tone={tone === 'accent' ? 'accent' : 'stopInk'} />
      </View>
      <Text variant="heading17" align="center" {...(heading === undefined ? {} : { heading })}>
        {title}
      </Text>
      {text === undefined ? null : (
        <Text tone="quiet" align="center" style={{ maxWidth: 360 }} {...(alert ? { role: 'alert' as const } : {})}>
          {text}
        </Text>
      )}
      {children === undefined ? null : <View style={{ marginTop: space(4) }}>{children}</View>}
    </View>
  );
}

/** `cover`: lies over what is not to be seen yet. */
export function LoadingState({ cover = false }: { readonly cover?: boolean }) {
  const colors = useColors();
  const t = useWords();
  return (
    <View
      role="status"
      aria-label={t('states.loading')}
      style={[
        { flex: 1, alignItems: 'center', justifyContent: 'center' },
        cover ? { position: 'absolute', inset: 0, backgroundColor: colors.background } : null,
      ]}
    >
      <ActivityIndicator aria-label={t('states.loading')} color={colors.accent} />
    </View>
  );
}

export function ErrorState({ text, onRetry }: { readonly text: string; readonly onRetry?: (() => void) | undefined }) {
  const t = useWords();
  return (
    <EmptyState icon="alert" tone="stop" title={t('states.errorTitle')} text={text}>
      {onRetry === undefined ? undefined : (
        <Button kind="outline" icon="refresh" label={t('states.tryAgain')} onPress={onRetry} />
      )}
    </EmptyState>
  );
}

export type Connection = 'online' | 'connecting' | 'offline';

/** Says what the connection is like, and nothing while all is well. */
export function ConnectionNotice({ connection }: { readonly connection: Connection }) {
  const t = useWords();
  if (connection === 'online') return null;
  return (
    <View style={{ paddingHorizontal: space(4), paddingTop: space(2) }}>
      {connection === 'offline' ? (
        <Notice tone="stop" icon="offline" text={t('states.offline')} />
      ) : (
        <Notice tone="accent" icon="refresh" text={t('states.connecting')} />
      )}
    </View>
  );
}
