import { Choice } from '../ui/Choice';
import { type LanguagePreference, languages } from '../words/languages';
import { chooseLanguage, useLanguagePreference } from '../words/preference';
import { useWords } from '../words/words';

/** Takes no snapshot: the language belongs to the catalogue, which every screen asks by itself. */
export function LanguageChoice() {
  const t = useWords();
  const preference = useLanguagePreference();
  const options: readonly (readonly [LanguagePreference, string])[] = [
    ['system', t('settings.languageSystem')],
    ['en', languages.en],
    ['de', languages.de],
  ];
  return (
    <Choice
      label={t('settings.language')}
      options={options}
      value={preference}
      onChoose={(chosen) => void chooseLanguage(chosen)}
    />
  );
}
