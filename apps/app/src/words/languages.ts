/** Each by its own name, which is the same in every language. */
export const languages = { en: 'English', de: 'Deutsch' } as const;

export type Language = keyof typeof languages;
export type LanguagePreference = 'system' | Language;

export const isLanguage = (value: unknown): value is Language =>
  typeof value === 'string' && Object.hasOwn(languages, value);

/** Languages that nobody speaks, for the gallery and for tests (see pseudo.ts). Nobody can choose them. */
const pseudoLanguages = ['en-XA', 'ar-XB'] as const;
export type PseudoLanguage = (typeof pseudoLanguages)[number];
export const isPseudo = (value: unknown): value is PseudoLanguage => pseudoLanguages.some((known) => known === value);

/** The first of the person's languages that Parley has; English when it has none of them. @param wanted BCP 47 tags. */
export function firstKnown(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0];
    if (isLanguage(language)) return language;
  }
  return 'en';
}

export type Direction = 'ltr' | 'rtl';

const rightToLeft: ReadonlySet<string> = new Set(['ar', 'fa', 'he', 'ur']);
/** Which way a language is written, as `dir` of a page takes it. */
export const directionOf = (language: string): Direction =>
  rightToLeft.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr';
