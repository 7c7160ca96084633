import {
  base64url,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
  UnsecuredJWT,
} from 'jose';
import type { Hmac } from '../ports/hmac.ts';

/** @throws an error of jose, whatever is wrong with the token */
export type TokenCheck = (token: string, options: JWTVerifyOptions) => Promise<JWTPayload>;

/**
 * Checks tokens that are signed with HS256 and this secret, and no others. With `hmac` at once: a thousand sockets that come back are a
 * thousand tokens, and most of what one of them cost was the way of its signature through WebCrypto's threads. The rules of the claims are
 * jose's either way.
 */
export function createHs256(secret: Uint8Array<ArrayBuffer>, hmac: Hmac | null): TokenCheck {
  if (hmac !== null) return async (token, options) => checked(secret, hmac, token, options);
  const key = crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  return async (token, options) => (await jwtVerify(token, await key, { ...options, algorithms: ['HS256'] })).payload;
}

function checked(secret: Uint8Array, hmac: Hmac, token: string, options: JWTVerifyOptions): JWTPayload {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  if (more.length > 0 || signature === '') throw new errors.JWSInvalid('no compact JWS');
  const { alg, typ, crit, b64 } = headerOf(token);
  if (alg !== 'HS256') throw new errors.JOSEAlgNotAllowed('another algorithm than HS256');
  // Extensions that have to be understood are not: RFC 7515, 4.1.11.
  if (crit !== undefined || b64 !== undefined) throw new errors.JOSENotSupported('critical header parameters');
  if (!hmac.isSigned(secret, `${header}.${payload}`, signature)) throw new errors.JWSSignatureVerificationFailed();
  // The signature is this one's own. What is left are the claims, which jose judges alike whoever has signed them: the header is written here,
  // and no token that somebody sends is ever taken without a signature.
  const unsecured = base64url.encode(JSON.stringify({ alg: 'none', ...(typ === undefined ? {} : { typ }) }));
  return UnsecuredJWT.decode(`${unsecured}.${payload}.`, options).payload;
}

function headerOf(token: string) {
  try {
    return decodeProtectedHeader(token);
  } catch (cause) {
    throw new errors.JWSInvalid('no protected header', { cause });
  }
}
