import type { Catalogue } from './en';
import type { PseudoLanguage } from './languages';

const ACCENTS: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ó',
  u: 'ú',
  A: 'Á',
  E: 'É',
  O: 'Ó',
  U: 'Ú',
};

/** Vowels twice: two fifths more, and words that break where words do. */
const longer = (text: string): string =>
  text.replace(/[aeiouAEOU]/g, (vowel) => `${ACCENTS[vowel]}${ACCENTS[vowel.toLowerCase()]}`);
/** Right-to-left marks around an override, as ICU's own pseudo language has them. */
const turned = (text: string): string => text.replace(/\S+/g, (word) => `\u200f\u202e${word}\u202c\u200f`);

/** Placeholders stay as they are. */
const say = (text: string, language: PseudoLanguage): string =>
  text
    .split(/(\{\{[^}]*\}\})/)
    .map((part, index) => (index % 2 === 1 ? part : language === 'en-XA' ? longer(part) : turned(longer(part))))
    .join('');

type Words = { readonly [key: string]: string | Words };

/**
 * A language that nobody speaks, made of the English: `en-XA` is 40 % longer and full of accents, `ar-XB` as long and written
 * from right to left. They show what a translation would break, and what is still in plain English is not in the catalogue.
 * @param english the catalogue, of which the other forms of a number are made too: Arabic has six.
 */
export function pseudo(english: Catalogue, language: PseudoLanguage): Catalogue {
  const each = (words: Words): Words =>
    Object.fromEntries(
      Object.entries(words).flatMap(([key, value]): [string, string | Words][] => {
        if (typeof value !== 'string') return [[key, each(value)]];
        const said = say(value, language);
        const forms = key.endsWith('_other') ? ['zero', 'two', 'few', 'many'] : [];
        return [[key, said], ...forms.map((form): [string, string] => [key.replace(/other$/, form), said])];
      }),
    );
  return each(english) as Catalogue;
}
