import type { InvitationPreview } from '@parley/protocol';
import { useChat, useClientSnapshot, useParley } from '@parley/react';
import { useLocalSearchParams } from 'expo-router';
import { useEffect, useState } from 'react';
import { paths } from '../../src/paths';
import { AcceptInvitation } from '../../src/screens/AcceptInvitation';
import { codeOf } from '../../src/wiring/history';
import { useGo } from '../../src/wiring/navigation';
import { useAttempt } from '../../src/wiring/session';

export default function InvitationRoute() {
  const { token = '' } = useLocalSearchParams<{ token: string }>();
  const chat = useChat();
  const go = useGo();
  const session = useClientSnapshot((client) => client.session);
  const { busy, error, attempt } = useAttempt();
  const { account } = useParley();
  const [preview, setPreview] = useState<InvitationPreview | null>(null);
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    let here = true;
    account.invitation(token).then(
      (found) => here && setPreview(found),
      // Whoever cannot reach the server may still try to accept.
      (cause: unknown) => here && setEnded(['invitation_invalid', 'not_found'].includes(codeOf(cause))),
    );
    return () => {
      here = false;
    };
  }, [account, token]);
  const over = ended || error === 'invitation_invalid' || error === 'not_found' || error === 'bad_request';
  const accept = async () => {
    if (await attempt(() => chat.acceptInvitation(token))) go.replace(paths.home);
  };
  return (
    <AcceptInvitation
      state={over ? 'invalid' : session === 'signed_out' ? 'signed_out' : 'open'}
      preview={preview}
      busy={busy || session === 'loading'}
      error={over ? null : error}
      onAccept={() => void accept()}
      onNavigate={go.to}
    />
  );
}
