import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { en } from './en';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'words';
    resources: { words: typeof en };
  }
}

/** The catalogue is bundled, so that the first frame has its words. */
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

/** For dates and numbers: the language of the words, in the region that the machine is set to. */
export function locale(): string {
  const system = Intl.DateTimeFormat().resolvedOptions().locale;
  return system.split('-')[0] === words.language ? system : words.language;
}

/** `t` for components: draws again when the language changes. */
export const useWords = () => useTranslation('words', { i18n: words }).t;
