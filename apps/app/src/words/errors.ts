import { en } from './en';
import { t } from './words';

type Known = keyof typeof en.errors;
/** Whether there is more to say about this code than that something failed. */
export const hasWords = (code: string): code is Known => Object.hasOwn(en.errors, code);

/** A code in words; a code that nobody has words for is said plainly rather than shown. */
export const errorText = (code: string): string => t(`errors.${hasWords(code) ? code : 'unknown'}`);
