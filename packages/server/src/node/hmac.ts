import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Hmac } from '../ports/hmac.ts';

/** By Node's own crypto, at once. */
export function createNodeHmac(): Hmac {
  const keys = new WeakMap<Uint8Array, KeyObject>();
  const keyOf = (secret: Uint8Array): KeyObject => {
    const known = keys.get(secret) ?? createSecretKey(secret);
    keys.set(secret, known);
    return known;
  };
  return {
    isSigned(secret, text, signature) {
      const wanted = Buffer.from(createHmac('sha256', keyOf(secret)).update(text).digest('base64url'));
      const given = Buffer.from(signature);
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  };
}
