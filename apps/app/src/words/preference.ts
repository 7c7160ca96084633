import { webStorage } from '@parley/client/browser';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Platform } from 'react-native';
import { directionOf, firstKnown, isLanguage, type LanguagePreference } from './languages';
import { speak } from './words';

const KEY = 'parley.language';
const storage = webStorage(() => globalThis.localStorage);

let preference: LanguagePreference = 'system';
const listeners = new Set<() => void>();

function systemLanguages(): readonly string[] {
  if (Platform.OS === 'web') return navigator.languages;
  return [Intl.DateTimeFormat().resolvedOptions().locale];
}

async function follow(chosen: LanguagePreference): Promise<void> {
  const language = chosen === 'system' ? firstKnown(systemLanguages()) : chosen;
  await speak(language);
  if (Platform.OS !== 'web') return;
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}

function prefer(chosen: LanguagePreference): void {
  preference = chosen;
  for (const listener of listeners) listener();
}

/** Kept in this browser; on phones until the app ends. The words follow as soon as they are here. */
export async function chooseLanguage(chosen: LanguagePreference): Promise<void> {
  const before = preference;
  prefer(chosen);
  try {
    await follow(chosen);
    if (Platform.OS === 'web') await storage.set(KEY, chosen);
  } catch {
    prefer(before);
  }
}

export const useLanguagePreference = (): LanguagePreference =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => preference,
    () => preference,
  );

async function begin(): Promise<void> {
  const kept = Platform.OS === 'web' ? await storage.get(KEY) : null;
  prefer(isLanguage(kept) ? kept : 'system');
  await follow(preference);
}

/** True once the first frame can be drawn in the person's language, or that language cannot be had. */
export function useFirstWords(): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    void begin().then(
      () => setReady(true),
      () => setReady(true),
    );
  }, []);
  return ready;
}
