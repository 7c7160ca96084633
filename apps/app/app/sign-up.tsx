import { useParley } from '@parley/react';
import { SignUp } from '../src/screens/SignUp';
import { useGo } from '../src/wiring/navigation';
import { useAttempt } from '../src/wiring/session';

export default function SignUpRoute() {
  const client = useParley();
  const go = useGo();
  const { busy, error, attempt } = useAttempt();
  return (
    <SignUp
      busy={busy}
      error={error}
      onSignUp={(account) => void attempt(() => client.signUp(account))}
      onNavigate={go.to}
    />
  );
}
