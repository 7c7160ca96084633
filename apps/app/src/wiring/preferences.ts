import { webStorage } from '@parley/client/browser';
import { type Context, createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { Platform } from 'react-native';
import { RING_TONES, RINGS_HERE, type RingsHere, type RingTone } from '../sound/types';
import type { ThemePreference } from '../theme/ThemeProvider';

interface Choice<T> {
  readonly preference: T;
  choose(preference: T): void;
}

const THEMES = ['system', 'light', 'dark'] as const satisfies readonly ThemePreference[];
const storage = webStorage(() => globalThis.localStorage);

/** Kept in this browser; the first of the values where nobody has chosen. Phones follow the system. */
function usePreference<T extends string>(key: string, values: readonly [T, ...T[]]): Choice<T> {
  const [preference, setPreference] = useState<T>(values[0]);
  useEffect(() => {
    if (Platform.OS !== 'web') return;
    void storage.get(key).then((kept) => {
      const known = values.find((value) => value === kept);
      if (known !== undefined) setPreference(known);
    });
    // What is chosen in one tab holds in the others too: which of them rings is not for the person to know.
    const heard = (event: StorageEvent) => {
      const known = event.key === key ? values.find((value) => value === event.newValue) : undefined;
      if (known !== undefined) setPreference(known);
    };
    globalThis.addEventListener('storage', heard);
    return () => globalThis.removeEventListener('storage', heard);
  }, [key, values]);
  const choose = useCallback(
    (chosen: T) => {
      setPreference(chosen);
      if (Platform.OS === 'web') void storage.set(key, chosen);
    },
    [key],
  );
  return useMemo(() => ({ preference, choose }), [preference, choose]);
}

function useChoice<T>(context: Context<Choice<T> | null>): Choice<T> {
  const choice = useContext(context);
  if (!choice) throw new Error('The choice is missing above this component');
  return choice;
}

const ThemeContext = createContext<Choice<ThemePreference> | null>(null);
export const ThemeChoice = ThemeContext.Provider;
export const useThemeChoice = () => useChoice(ThemeContext);
export const useThemePreference = () => usePreference('parley.theme', THEMES);

const RingsHereContext = createContext<Choice<RingsHere> | null>(null);
export const RingsHereChoice = RingsHereContext.Provider;
export const useRingsHereChoice = () => useChoice(RingsHereContext);
export const useRingsHerePreference = () => usePreference('parley.ringsHere', RINGS_HERE);

const RingToneContext = createContext<Choice<RingTone> | null>(null);
export const RingToneChoice = RingToneContext.Provider;
export const useRingToneChoice = () => useChoice(RingToneContext);
export const useRingTonePreference = () => usePreference('parley.ringTone', RING_TONES);
