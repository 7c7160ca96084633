import { useChat, useClientSnapshot } from '@parley/react';
import { useLocalSearchParams } from 'expo-router';
import { paths } from '../../src/paths';
import { AcceptInvitation } from '../../src/screens/AcceptInvitation';
import { useGo } from '../../src/wiring/navigation';
import { useAttempt } from '../../src/wiring/session';

export default function InvitationRoute() {
  const { token = '' } = useLocalSearchParams<{ token: string }>();
  const chat = useChat();
  const go = useGo();
  const session = useClientSnapshot((client) => client.session);
  const { busy, error, attempt } = useAttempt();
  const over = error === 'invitation_invalid' || error === 'not_found' || error === 'bad_request';
  const accept = async () => {
    if (await attempt(() => chat.acceptInvitation(token))) go.replace(paths.home);
  };
  return (
    <AcceptInvitation
      state={over ? 'invalid' : session === 'signed_out' ? 'signed_out' : 'open'}
      teamName={null}
      busy={busy || session === 'loading'}
      error={over ? null : error}
      onAccept={() => void accept()}
      onNavigate={go.to}
    />
  );
}
