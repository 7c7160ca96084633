import { useParley } from '@parley/react';
import { parts } from '../src/loading/parts';
import { SignIn } from '../src/screens/SignIn';
import { useGo } from '../src/wiring/navigation';
import { DEMO_PASSWORD, useAttempt, useDemoPeople } from '../src/wiring/session';

export default function SignInRoute() {
  const client = useParley();
  const go = useGo();
  const demo = useDemoPeople();
  const { busy, error, attempt } = useAttempt();
  const signIn = (email: string, password: string) => {
    // What comes next travels while the server looks at the password.
    parts.home.fetch();
    void attempt(() => client.signIn({ email, password }));
  };
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
