import type { ReactNode } from 'react';
import { View } from 'react-native';
import type { ThemePreference } from '../theme/ThemeProvider';
import { useColors } from '../theme/ThemeProvider';
import { radius, size, space } from '../theme/tokens';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { Card } from '../ui/Card';
import { Notice } from '../ui/Notice';
import { Press } from '../ui/Press';
import { Text } from '../ui/Text';
import { TextField } from '../ui/TextField';
import { errorText } from '../words/errors';
import { useWords } from '../words/words';
import { Pane } from './Pane';
import type { ErrorCode, Person } from './snapshots';

export interface SettingsProps {
  readonly snapshot: {
    readonly me: Person;
    readonly email: string | null;
    readonly teamName: string;
    readonly theme: ThemePreference;
    /** The link, once it has been made. */
    readonly invitation: { readonly url: string; readonly copied: boolean } | null;
    readonly error: ErrorCode | null;
  };
  readonly onTheme?: (preference: ThemePreference) => void;
  readonly onInvite?: () => void;
  readonly onCopyInvitation?: () => void;
  readonly onSignOut?: () => void;
  readonly onBack?: () => void;
}

export function Settings({ snapshot, onTheme, onInvite, onCopyInvitation, onSignOut, onBack }: SettingsProps) {
  const { me, email, teamName, theme, invitation, error } = snapshot;
  const t = useWords();
  return (
    <Pane title={t('settings.title')} onBack={onBack}>
      {error === null ? null : <Notice tone="stop" icon="alert" role="alert" text={errorText(error)} />}
      <Card style={{ flexDirection: 'row', alignItems: 'center', gap: space(4), padding: space(4) }}>
        <Avatar id={me.id} displayName={me.displayName} size={56} />
        <View style={{ flex: 1 }}>
          <Text variant="heading17" numberOfLines={1}>
            {me.displayName}
          </Text>
          {email === null ? null : (
            <Text variant="small" tone="quiet" numberOfLines={1}>
              {email}
            </Text>
          )}
        </View>
      </Card>

      <Section title={t('settings.theme')}>
        <ThemeChoice theme={theme} onTheme={onTheme} />
      </Section>

      {onInvite === undefined && invitation === null ? null : (
        <Section title={t('settings.invite')}>
          <Text tone="quiet">{t('settings.inviteText', { team: teamName })}</Text>
          {invitation === null ? (
            <Button kind="outline" icon="link" label={t('settings.makeLink')} onPress={onInvite} />
          ) : (
            <>
              <TextField label={t('settings.link')} value={invitation.url} readOnly />
              <Button
                kind="outline"
                icon={invitation.copied ? 'check' : 'copy'}
                label={invitation.copied ? t('settings.copied') : t('settings.copy')}
                onPress={onCopyInvitation}
              />
            </>
          )}
        </Section>
      )}

      {onSignOut === undefined ? null : (
        <Button kind="stopQuiet" icon="signOut" label={t('settings.signOut')} onPress={onSignOut} />
      )}
    </Pane>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <View style={{ gap: space(3) }}>
      <Text variant="small" weight="semibold" tone="quiet" heading={2}>
        {title}
      </Text>
      {children}
    </View>
  );
}

interface ThemeChoiceProps {
  readonly theme: ThemePreference;
  readonly onTheme: ((preference: ThemePreference) => void) | undefined;
}

function ThemeChoice({ theme, onTheme }: ThemeChoiceProps) {
  const t = useWords();
  const colors = useColors();
  const choices = [
    ['system', t('settings.themeSystem')],
    ['light', t('settings.themeLight')],
    ['dark', t('settings.themeDark')],
  ] as const;
  return (
    <View role="radiogroup" aria-label={t('settings.theme')} style={{ flexDirection: 'row', gap: space(2) }}>
      {choices.map(([value, label]) => {
        const chosen = value === theme;
        return (
          <Press
            key={value}
            role="radio"
            checked={chosen}
            label={label}
            onPress={onTheme && (() => onTheme(value))}
            style={{
              flex: 1,
              minHeight: size.touch,
              borderRadius: radius.button,
              borderWidth: 1,
              borderColor: chosen ? colors.accent : colors.line,
              backgroundColor: chosen ? colors.accentGround : colors.card,
              alignItems: 'center',
              justifyContent: 'center',
              paddingHorizontal: space(2),
            }}
          >
            <Text variant="small" weight="semibold" tone={chosen ? 'accent' : 'ink'} numberOfLines={1}>
              {label}
            </Text>
          </Press>
        );
      })}
    </View>
  );
}
