import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { type Catalogue, en } from './en';
import { type Direction, directionOf, type Language, type PseudoLanguage } from './languages';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'words';
    resources: { words: typeof en };
  }
}

/** English is bundled; every other language is fetched when somebody wants it. */
const words = i18next.createInstance();
void words.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  defaultNS: 'words',
  ns: ['words'],
  resources: { en: { words: en } },
  // React escapes what it draws; escaping twice would show entities.
  interpolation: { escapeValue: false },
  initAsync: false,
});

export const t = words.t;

async function fetchWords(language: Language | PseudoLanguage): Promise<Catalogue> {
  switch (language) {
    case 'en':
      return en;
    case 'de':
      return (await import('./de')).de;
    case 'en-XA':
    case 'ar-XB':
      return (await import('./pseudo')).pseudo(en, language);
  }
}

/** Rejects, and changes nothing, when the words cannot be fetched. */
export async function speak(language: Language | PseudoLanguage): Promise<void> {
  if (!words.hasResourceBundle(language, 'words')) {
    words.addResourceBundle(language, 'words', await fetchWords(language));
  }
  await words.changeLanguage(language);
}

let system: string | undefined;
/** For dates and numbers: the language of the words, in the region that the machine is set to. */
export function locale(): string {
  // Once: to ask takes a tenth of a millisecond, and whoever sorts names asks for each two of them.
  system ??= Intl.DateTimeFormat().resolvedOptions().locale;
  return system.split('-')[0] === words.language ? system : words.language;
}

/** `t` for components: draws again when the language changes. */
export const useWords = () => useTranslation('words', { i18n: words }).t;

/** Which way the words are written. */
export const useDirection = (): Direction => directionOf(useTranslation('words', { i18n: words }).i18n.language);
