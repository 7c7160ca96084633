import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import type { PasswordHasher } from '../ports/passwords.ts';

/**
 * scrypt with one of the five settings that OWASP's Password Storage Cheat Sheet calls equal: 32 MiB of memory for each hash
 * in place of 128, for three times the work. The numbers stand in every hash, so that they can be raised.
 */
const LOG_N = 15;
const BLOCK = 8;
const PARALLEL = 3;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** Hashes that are computed at once: the thread pool of four serves files and names as well. */
const AT_ONCE = 2;

const FORMAT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

/** Passwords as `$scrypt$ln=…,r=…,p=…$salt$key`, in base64url. `logN`: binary logarithm of the work; tests take less. */
export function createPasswordHasher(logN = LOG_N): PasswordHasher {
  const derive = inTurn(AT_ONCE);
  const key = (password: string, salt: Buffer, ln: number, r: number, p: number): Promise<Buffer> => {
    const options: ScryptOptions = { N: 2 ** ln, r, p, maxmem: 2 ** ln * r * 256 };
    return derive(
      () =>
        new Promise((resolve, reject) => {
          scrypt(password, salt, KEY_BYTES, options, (error, bytes) => (error ? reject(error) : resolve(bytes)));
        }),
    );
  };
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      const bytes = await key(password, salt, logN, BLOCK, PARALLEL);
      const numbers = `ln=${logN},r=${BLOCK},p=${PARALLEL}`;
      return `$scrypt$${numbers}$${salt.toString('base64url')}$${bytes.toString('base64url')}`;
    },
    async verify(hash, password) {
      const [, ln = '', r = '', p = '', salt = '', expected = ''] = FORMAT.exec(hash) ?? [];
      if (expected === '') return false;
      const bytes = await key(password, Buffer.from(salt, 'base64url'), Number(ln), Number(r), Number(p));
      return timingSafeEqual(bytes, Buffer.from(expected, 'base64url'));
    },
  };
}

/** Runs so many at once, the others after them in their order. */
function inTurn(atOnce: number): <T>(run: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      // Whoever waits takes this place: the number stays.
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
