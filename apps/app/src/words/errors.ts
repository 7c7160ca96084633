import { en } from './en';
import { t } from './words';

type Known = keyof typeof en.errors;
const isKnown = (code: string): code is Known => Object.hasOwn(en.errors, code);

/** A code in words; a code that nobody has words for is said plainly rather than shown. */
export const errorText = (code: string): string => t(`errors.${isKnown(code) ? code : 'unknown'}`);
