import { useClientSnapshot, useParley } from '@parley/react';
import { useEffect, useState } from 'react';
import { serverUrl } from '../platform/options';
import type { Person } from '../screens/snapshots';
import { codeOf } from './history';

interface DemoPerson extends Person {
  readonly email: string;
}

/** The people of the demo team, and none outside demo mode. */
export function useDemoPeople(): readonly DemoPerson[] {
  const [people, setPeople] = useState<readonly DemoPerson[]>([]);
  useEffect(() => {
    let here = true;
    void fetch(`${serverUrl()}/api/config`)
      .then((answer) => answer.json())
      .then((config: { people?: readonly DemoPerson[] }) => {
        if (here) setPeople(config.people ?? []);
      })
      // Without an answer there is still the form.
      .catch(() => undefined);
    return () => {
      here = false;
    };
  }, []);
  return people;
}

/** The password of everybody in the demo team, printed in the README: it opens nothing else. */
export const DEMO_PASSWORD = 'parley-demo';

/** One attempt at a time, with what became of it. */
export function useAttempt() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const attempt = async (run: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setError(null);
    try {
      await run();
      return true;
    } catch (cause) {
      setError(codeOf(cause));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, attempt, forget: () => setError(null) };
}

export const useMe = () => useClientSnapshot((client) => client.me);
export const useSignOut = () => {
  const client = useParley();
  return () => void client.signOut();
};
