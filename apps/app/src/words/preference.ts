import { webStorage } from '@parley/client/browser';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Platform } from 'react-native';
import {
  directionOf,
  firstKnown,
  isLanguage,
  isPseudo,
  type Language,
  type LanguagePreference,
  type PseudoLanguage,
} from './languages';
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
  await show(chosen === 'system' ? firstKnown(systemLanguages()) : chosen);
}

/** The words and the page that they stand on. */
async function show(language: Language | PseudoLanguage): Promise<void> {
  await speak(language);
  if (Platform.OS !== 'web') return;
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}

/** For as long as the page is open: the gallery's, and no choice of a person's. Nothing where it is no language. */
export async function tryLanguage(tag: string | undefined): Promise<void> {
  if (isLanguage(tag) || isPseudo(tag)) await show(tag);
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
  // Left there by a test: no choice in the settings.
  if (isPseudo(kept)) return tryLanguage(kept);
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
