import { useChat } from '@parley/react';
import { useState } from 'react';
import { Platform, Share } from 'react-native';
import { Settings } from '../../src/screens/Settings';
import { useGo } from '../../src/wiring/navigation';
import { useTeam } from '../../src/wiring/people';
import { useThemeChoice } from '../../src/wiring/preferences';
import { useAttempt, useMe, useSignOut } from '../../src/wiring/session';

export default function SettingsRoute() {
  const chat = useChat();
  const go = useGo();
  const me = useMe();
  const team = useTeam();
  const theme = useThemeChoice();
  const signOut = useSignOut();
  const { error, attempt } = useAttempt();
  const [invitation, setInvitation] = useState<{ url: string; copied: boolean } | null>(null);
  if (me === null || team === null) return null;
  const invite = () => attempt(async () => setInvitation({ url: (await chat.invite(team.id)).url, copied: false }));
  const copy = async (url: string) => {
    if (Platform.OS === 'web') await navigator.clipboard.writeText(url);
    else await Share.share({ message: url });
    setInvitation({ url, copied: true });
  };
  return (
    <Settings
      snapshot={{ me, email: null, teamName: team.name, theme: theme.preference, invitation, error }}
      onTheme={theme.choose}
      onInvite={() => void invite()}
      {...(invitation === null ? {} : { onCopyInvitation: () => void attempt(() => copy(invitation.url)) })}
      onSignOut={signOut}
      onBack={go.back}
    />
  );
}
