import type { ReactNode } from 'react';
import { useWindowDimensions, View } from 'react-native';
import type { ThemePreference } from '../theme/ThemeProvider';
import { space } from '../theme/tokens';
import { Choice } from '../ui/Choice';
import { useWords } from '../words/words';
import { DevicesPanel, type DevicesPanelProps } from './devices/DevicesPanel';
import { LanguageChoice } from './LanguageChoice';
import { Pane } from './Pane';
import { AccountSection, type AccountSectionProps } from './settings/AccountSection';
import { CallsSection, type CallsSectionProps } from './settings/CallsSection';
import { InvitationsSection, type InvitationsSectionProps } from './settings/InvitationsSection';
import { ProfileSection, type ProfileSectionProps } from './settings/ProfileSection';
import { Matter, Section } from './settings/Section';
import { SessionsSection, type SessionsSectionProps } from './settings/SessionsSection';

export interface SettingsProps {
  readonly profile: ProfileSectionProps;
  readonly theme: ThemePreference;
  readonly calls: CallsSectionProps;
  readonly devices: Omit<DevicesPanelProps, 'columns'>;
  readonly invitations: InvitationsSectionProps;
  /** Null where a foreign issuer keeps the sessions. */
  readonly sessions: SessionsSectionProps | null;
  readonly account: AccountSectionProps;
  readonly onTheme?: (preference: ThemePreference) => void;
  readonly onBack?: () => void;
}

/** From this width of the window on, two columns. */
const TWO_COLUMNS_FROM = 1120;
const COLUMN = { flexGrow: 1, flexShrink: 1, flexBasis: 0, gap: space(8) } as const;

export function Settings(props: SettingsProps) {
  const { profile, theme, calls, devices, invitations, sessions, account, onTheme, onBack } = props;
  const t = useWords();
  const wide = useWindowDimensions().width >= TWO_COLUMNS_FROM;
  const first: ReactNode = (
    <>
      <ProfileSection {...profile} />
      <Section title={t('settings.appearance')}>
        <Matter title={t('settings.theme')}>
          <Choice
            label={t('settings.theme')}
            value={theme}
            options={[
              ['system', t('settings.themeSystem')],
              ['light', t('settings.themeLight')],
              ['dark', t('settings.themeDark')],
            ]}
            onChoose={onTheme}
          />
        </Matter>
        <Matter title={t('settings.language')}>
          <LanguageChoice />
        </Matter>
      </Section>
      <CallsSection {...calls} />
    </>
  );
  const second: ReactNode = (
    <>
      <Section title={t('devices.title')}>
        <DevicesPanel {...devices} columns={1} />
      </Section>
      <InvitationsSection {...invitations} />
      {sessions === null ? null : <SessionsSection {...sessions} />}
      <AccountSection {...account} />
    </>
  );
  return (
    <Pane title={t('settings.title')} onBack={onBack} broad={wide}>
      <View style={{ flexDirection: wide ? 'row' : 'column', gap: space(8) }}>
        <View style={wide ? COLUMN : { gap: space(8) }}>{first}</View>
        <View style={wide ? COLUMN : { gap: space(8) }}>{second}</View>
      </View>
    </Pane>
  );
}
