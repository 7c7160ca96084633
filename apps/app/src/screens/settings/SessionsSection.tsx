import { View } from 'react-native';
import { space } from '../../theme/tokens';
import { Button } from '../../ui/Button';
import { CardList } from '../../ui/Card';
import { Icon } from '../../ui/Icon';
import { Text } from '../../ui/Text';
import { dayAndTime } from '../../words/format';
import { useWords } from '../../words/words';
import type { ErrorCode } from '../snapshots';
import { Section } from './Section';

export interface SessionItem {
  readonly id: string;
  readonly browser: string | null;
  readonly system: string | null;
  readonly phone: boolean;
  /** Epoch milliseconds. */
  readonly lastUsedAt: number;
  readonly isCurrent: boolean;
}

export interface SessionsSectionProps {
  /** The newest use first; null while they are being read. */
  readonly sessions: readonly SessionItem[] | null;
  readonly now: number;
  readonly busy: boolean;
  readonly error: ErrorCode | null;
  readonly onEnd?: (sessionId: string) => void;
  readonly onEndAll?: () => void;
}

export function SessionsSection({ sessions, now, busy, error, onEnd, onEndAll }: SessionsSectionProps) {
  const t = useWords();
  const nameOf = ({ browser, system }: SessionItem) =>
    browser !== null && system !== null
      ? t('settings.sessions.on', { browser, system })
      : (browser ?? system ?? t('settings.sessions.unknown'));
  return (
    <Section title={t('settings.sessions.title')} error={error}>
      {sessions === null ? (
        <Text tone="quiet" style={{ minHeight: 64 }}>
          {t('states.loading')}
        </Text>
      ) : (
        <CardList>
          {sessions.map((session) => (
            <View
              key={session.id}
              style={{ flexDirection: 'row', alignItems: 'center', gap: space(3), padding: space(3), minHeight: 64 }}
            >
              <Icon name={session.phone ? 'smartphone' : 'monitor'} size={20} tone="quiet" />
              <View style={{ flex: 1 }}>
                <Text weight="medium">{nameOf(session)}</Text>
                <Text variant="small" tone={session.isCurrent ? 'callInk' : 'quiet'}>
                  {session.isCurrent
                    ? t('settings.sessions.here')
                    : t('settings.sessions.lastUsed', { time: dayAndTime(session.lastUsedAt, now) })}
                </Text>
              </View>
              {session.isCurrent ? null : (
                <Button
                  compact
                  kind="outline"
                  label={t('settings.signOut')}
                  name={t('settings.sessions.end', { name: nameOf(session) })}
                  disabled={busy}
                  onPress={onEnd && (() => onEnd(session.id))}
                />
              )}
            </View>
          ))}
        </CardList>
      )}
      <View style={{ alignItems: 'flex-start' }}>
        <Button
          compact
          kind="stopQuiet"
          icon="signOut"
          label={t('settings.sessions.endAll')}
          disabled={busy}
          onPress={onEndAll}
        />
      </View>
    </Section>
  );
}
