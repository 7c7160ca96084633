import { useParley } from '@parley/react';
import { SignIn } from '../src/screens/SignIn';
import { useGo } from '../src/wiring/navigation';
import { DEMO_PASSWORD, useAttempt, useDemoPeople } from '../src/wiring/session';

export default function SignInRoute() {
  const client = useParley();
  const go = useGo();
  const demo = useDemoPeople();
  const { busy, error, attempt } = useAttempt();
  const signIn = (email: string, password: string) => void attempt(() => client.signIn({ email, password }));
  return (
    <SignIn
      busy={busy}
      error={error}
      demoPeople={demo}
      onSignIn={signIn}
      onDemo={({ id }) => {
        const person = demo.find((one) => one.id === id);
        if (person) signIn(person.email, DEMO_PASSWORD);
      }}
      onNavigate={go.to}
    />
  );
}
