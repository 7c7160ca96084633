import type { IceServer } from '@parley/protocol';
import type { Settings } from '../ports/settings.ts';

/** How long credentials for a relay last, in milliseconds: a client asks again before they run out. */
export const CREDENTIALS_MS = 3_600_000;

/**
 * STUN servers, and TURN servers with credentials that run out (draft-uberti-behave-turn-rest: the name is
 * `<expiry in seconds>:<user>`, the password is the base64 of its HMAC-SHA1 under the secret shared with the relay).
 */
export async function iceServers(
  settings: Pick<Settings, 'stunUrls' | 'turn'>,
  userId: string,
  expiresAt: number,
): Promise<IceServer[]> {
  const servers: IceServer[] = [];
  if (settings.stunUrls.length > 0) servers.push({ urls: [...settings.stunUrls] });
  if (settings.turn) {
    const username = `${Math.floor(expiresAt / 1000)}:${userId}`;
    const credential = await hmacSha1(settings.turn.secret, username);
    servers.push({ urls: [...settings.turn.urls], username, credential });
  }
  return servers;
}

async function hmacSha1(secret: string, text: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-1' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(text)));
  return btoa(String.fromCharCode(...signature));
}
