import { webStorage } from '@parley/client/browser';
import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { Platform } from 'react-native';
import type { ThemePreference } from '../theme/ThemeProvider';

const KEY = 'parley.theme';
const isPreference = (value: unknown): value is ThemePreference =>
  value === 'system' || value === 'light' || value === 'dark';

interface Choice {
  readonly preference: ThemePreference;
  choose(preference: ThemePreference): void;
}

const ChoiceContext = createContext<Choice | null>(null);
export const ThemeChoice = ChoiceContext.Provider;

export function useThemeChoice(): Choice {
  const choice = useContext(ChoiceContext);
  if (!choice) throw new Error('ThemeChoice is missing above this component');
  return choice;
}

const storage = webStorage(() => globalThis.localStorage);

/** Kept in this browser. Phones follow the system. */
export function useThemePreference(): Choice {
  const [preference, setPreference] = useState<ThemePreference>('system');
  useEffect(() => {
    if (Platform.OS !== 'web') return;
    void storage.get(KEY).then((kept) => {
      if (isPreference(kept)) setPreference(kept);
    });
  }, []);
  const choose = useCallback((chosen: ThemePreference) => {
    setPreference(chosen);
    if (Platform.OS === 'web') void storage.set(KEY, chosen);
  }, []);
  return useMemo(() => ({ preference, choose }), [preference, choose]);
}
