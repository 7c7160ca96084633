import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/http/app.ts';
import type { AppDeps } from '../../src/http/deps.ts';
import { EdgeError } from '../../src/ports/edge-error.ts';
import { noHttpMetrics } from '../../src/ports/metrics.ts';

const FRIEND = 'https://app.example.test';
const STRANGER = 'https://evil.example.test';

const appOf = (corsOrigins: readonly string[], publicUrl = 'https://calls.example.test', mediaUrl?: string) =>
  createApp({
    log: { info: () => {}, warn: () => {}, error: () => {} },
    metrics: noHttpMetrics,
    settings: { publicUrl },
    corsOrigins,
    verifier: { verify: () => Promise.reject(new EdgeError('token_invalid')) },
    calls: { seen: async () => undefined },
    demoPeople: [],
    version: '0',
    identity: null,
    ...(mediaUrl === undefined ? {} : { mediaServer: { publicUrl: () => mediaUrl } }),
  } as unknown as AppDeps);

const preflight = (app: ReturnType<typeof appOf>, origin: string) =>
  app.request('/api/calls', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,idempotency-key',
    },
  });

describe('foreign origins', () => {
  let listed: ReturnType<typeof appOf>;
  let none: ReturnType<typeof appOf>;
  beforeAll(() => {
    listed = appOf([FRIEND]);
    none = appOf([]);
  });

  it('that are listed may ask, without credentials', async () => {
    const asked = await preflight(listed, FRIEND);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(FRIEND);
    expect(asked.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
    expect(asked.headers.get('vary')).toContain('Origin');
    const answer = await listed.request('/api/config', { headers: { origin: FRIEND } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(FRIEND);
    expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
  });

  it('that are listed can read why they were refused', async () => {
    const answer = await listed.request('/api/me', { headers: { origin: FRIEND } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('access-control-allow-origin')).toBe(FRIEND);
  });

  it('that are not listed get no leave, nor does anybody without a list', async () => {
    for (const [app, origin] of [
      [listed, STRANGER],
      [listed, 'null'],
      [listed, `${FRIEND}.evil.test`],
      [none, FRIEND],
    ] as const) {
      for (const answer of [await preflight(app, origin), await app.request('/api/config', { headers: { origin } })]) {
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      }
    }
  });
});

describe('security headers', () => {
  const directives = async (app: ReturnType<typeof appOf>) => {
    const policy = (await app.request('/api/config')).headers.get('content-security-policy') ?? '';
    return new Map(policy.split(';').map((part) => [part.trim().split(' ', 1)[0], part.trim().split(' ').slice(1)]));
  };

  it('let scripts come from this server alone, and nobody frame its pages', async () => {
    const csp = await directives(appOf([]));
    expect(csp.get('default-src')).toEqual(["'self'"]);
    expect(csp.get('script-src')).toEqual(["'self'"]);
    expect(csp.get('script-src-attr')).toEqual(["'none'"]);
    expect(csp.get('object-src')).toEqual(["'none'"]);
    expect(csp.get('base-uri')).toEqual(["'none'"]);
    expect(csp.get('frame-ancestors')).toEqual(["'none'"]);
    expect(csp.get('connect-src')).toEqual(["'self'", 'wss://calls.example.test']);
  });

  it('let the page reach the media server, wherever that is', async () => {
    for (const url of ['wss://calls.example.test/livekit', '/livekit']) {
      const own = await directives(appOf([], undefined, url));
      expect(own.get('connect-src')).toContain('wss://calls.example.test');
    }
    const other = await directives(appOf([], undefined, 'wss://sfu.example.test:7443'));
    // Its client asks over HTTP why it was refused.
    expect(other.get('connect-src')).toEqual([
      "'self'",
      'wss://calls.example.test',
      'wss://sfu.example.test:7443',
      'https://sfu.example.test:7443',
    ]);
  });

  it('keep browsers on TLS where the public address is https, and only there', async () => {
    const secure = await appOf([]).request('/');
    expect(secure.headers.get('strict-transport-security')).toMatch(/^max-age=\d{7,}/);
    const plain = await appOf([], 'http://localhost:3000').request('/');
    expect(plain.headers.get('strict-transport-security')).toBeNull();
  });

  it('stand on every answer, which sets no cookie and says nothing of the software', async () => {
    const app = appOf([FRIEND]);
    for (const path of ['/', '/api/config', '/api/nothing', '/api/me', '/health/live']) {
      const { headers } = await app.request(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('permissions-policy')).toMatch(/camera=\(?self\)?.*geolocation=\(\)/);
      expect(headers.get('set-cookie')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
    }
  });
});
