import { dictionary } from '@zxcvbn-ts/language-common';
import { EdgeError } from '../ports/edge-error.ts';

/** Words that say where an account is rather than whose secret opens it (ASVS 6.1.2). */
const OF_THIS_PLACE = ['parley', 'password', 'passwort', 'call', 'team'];
/** All that is left when a password is made of such words and a year or a number: no secret. */
const NO_SECRET = /^\d{0,4}$/;

/**
 * Nothing about which characters a password has: its length (in the schema), and that it is none of those that are tried first.
 * The list has some 18 000 passwords of eight characters and more.
 * @throws EdgeError `password_common`
 */
export function requireGoodPassword(
  password: string,
  of: { readonly email: string; readonly displayName: string },
): void {
  const plain = password.toLowerCase();
  if (commonPasswords().has(plain) || new Set(plain).size < 3) throw new EdgeError('password_common');
  const words = [...OF_THIS_PLACE, of.email.split('@', 1)[0] ?? '', ...of.displayName.split(/\s+/)]
    .map((word) => word.toLowerCase())
    .filter((word) => word.length >= 4);
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), plain);
  if (NO_SECRET.test(rest)) throw new EdgeError('password_common');
}

let common: ReadonlySet<string> | undefined;
function commonPasswords(): ReadonlySet<string> {
  common ??= new Set<string>(dictionary['passwords-common']);
  return common;
}
