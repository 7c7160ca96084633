import { isIPv4 } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULTS } from '@parley/domain';
import type { ForeignIssuer } from '../identity/foreign.ts';
import type { Settings } from '../ports/settings.ts';
import type { LiveKitSettings } from './sfu/provide.ts';
import { Stop } from './stop.ts';
import { VARIABLES, type Variables } from './variables.ts';

/** The environment, understood. What depends on the port that was got or on the database is settled later. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly loopback: boolean;
  /** Null where nobody said: then it is the address that the server listens on. */
  readonly publicUrl: string | null;
  readonly trustedProxies: number;
  readonly dataDir: string;
  readonly webDir: string;
  /** Null where the default rule decides, see `demo.ts`. */
  readonly demo: boolean | null;
  readonly production: boolean;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  /** Foreign origins whose pages may use the API and the socket. */
  readonly corsOrigins: readonly string[];
  /** Null for built-in accounts. */
  readonly foreign: ForeignIssuer | null;
  /** The media server of group calls. */
  readonly liveKit: LiveKitSettings;
  readonly rules: Omit<Settings, 'publicUrl' | 'demo'>;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent' | null;
}

const WEB_DIR = fileURLToPath(new URL('../../../../apps/app/dist', import.meta.url));

/** @throws Stop with a sentence that names the variable */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const v = readVariables(env);
  const rules = rulesOf(v);
  const loopback = isLoopback(v.HOST);
  if (!rules.rateLimits && !loopback)
    throw new Stop('PARLEY_RATE_LIMITS may be off only where HOST is a loopback address.');
  if (!loopback) longSecrets(v, 'LIVEKIT_API_SECRET', 'TURN_SECRET');
  together(v, 'LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET');
  together(v, 'AGORA_APP_ID', 'AGORA_APP_CERTIFICATE');
  const foreign = foreignOf(v);
  if (foreign !== null && v.PARLEY_DEMO === true) {
    throw new Stop('PARLEY_DEMO cannot be 1 with AUTH_JWKS_URL or AUTH_JWT_SECRET: the demo needs built-in accounts.');
  }
  return {
    port: v.PORT,
    host: v.HOST,
    loopback,
    publicUrl: v.PUBLIC_URL ?? null,
    trustedProxies: v.TRUST_PROXY,
    dataDir: resolve(v.PARLEY_DATA_DIR),
    webDir: resolve(v.PARLEY_WEB_DIR ?? WEB_DIR),
    demo: v.PARLEY_DEMO ?? null,
    production: v.NODE_ENV === 'production',
    databaseUrl: v.DATABASE_URL ?? null,
    redisUrl: v.REDIS_URL ?? null,
    corsOrigins: v.PARLEY_CORS_ORIGINS ?? [],
    foreign,
    liveKit: liveKitOf(v),
    rules,
    logLevel: v.PARLEY_LOG ?? null,
  };
}

/** What signs for others must not be guessed from one signature. On a loopback HOST those of a trial will do (LiveKit's `secret`). */
function longSecrets(v: Variables, ...names: ('LIVEKIT_API_SECRET' | 'TURN_SECRET')[]): void {
  for (const name of names) {
    const value = v[name];
    if (value !== undefined && value.length < 32) throw new Stop(`${name} must have 32 characters or more.`);
  }
}

function readVariables(env: Readonly<Record<string, string | undefined>>): Variables {
  const values = Object.entries(VARIABLES).map(([name, { schema, must }]) => {
    // An empty variable is one that is not set: compose files cannot say it otherwise.
    const parsed = schema.safeParse(env[name] === '' ? undefined : env[name]);
    if (!parsed.success) throw new Stop(`${name} ${must}.`);
    return [name, parsed.data];
  });
  return Object.fromEntries(values) as Variables;
}

function rulesOf(v: Variables): Config['rules'] {
  // Where only one of the two is given, the other keeps the proportion of the defaults: a lease outlasts two lost pings.
  const heartbeatMs =
    v.PARLEY_HEARTBEAT_MS ?? Math.min(DEFAULTS.heartbeatMs, Math.floor((v.PARLEY_LEASE_MS ?? DEFAULTS.leaseMs) / 3));
  const leaseMs = v.PARLEY_LEASE_MS ?? Math.max(DEFAULTS.leaseMs, heartbeatMs * 3);
  if (leaseMs <= heartbeatMs) {
    throw new Stop(
      `PARLEY_LEASE_MS (${leaseMs}) must be greater than PARLEY_HEARTBEAT_MS (${heartbeatMs}), or nobody stays present.`,
    );
  }
  const urls = v.TURN_URLS ?? [];
  const turnUrls = urls.filter((address) => /^turn/i.test(address));
  if (turnUrls.length > 0 && v.TURN_SECRET === undefined) throw new Stop('TURN_SECRET is missing: TURN_URLS needs it.');
  if (turnUrls.length === 0 && v.TURN_SECRET !== undefined) {
    throw new Stop('TURN_SECRET is of no use without an address that begins with turn: in TURN_URLS.');
  }
  return {
    ringTimeoutMs: v.PARLEY_RING_TIMEOUT_MS ?? DEFAULTS.ringTimeoutMs,
    connectTimeoutMs: DEFAULTS.connectTimeoutMs,
    heartbeatMs,
    leaseMs,
    rateLimits: v.PARLEY_RATE_LIMITS === 'on',
    stunUrls: urls.filter((address) => /^stun/i.test(address)),
    turn: turnUrls.length === 0 ? null : { urls: turnUrls, secret: v.TURN_SECRET ?? '' },
  };
}

function liveKitOf(v: Variables): LiveKitSettings {
  if (v.LIVEKIT_URL === undefined && v.LIVEKIT_PUBLIC_URL !== undefined) {
    throw new Stop(
      'LIVEKIT_PUBLIC_URL is of no use without LIVEKIT_URL: our own media server is reached through PUBLIC_URL.',
    );
  }
  // One of several processes has none of its own.
  const several = v.REDIS_URL !== undefined && v.DATABASE_URL !== undefined;
  const ownMedia = v.PARLEY_LIVEKIT !== 'off' && v.LIVEKIT_URL === undefined && !several;
  if (v.PARLEY_MEDIA_UDP_PORTS !== undefined && !ownMedia) {
    throw new Stop(
      'PARLEY_MEDIA_UDP_PORTS is of no use without a media server of our own: LIVEKIT_URL’s has its own settings.',
    );
  }
  if (v.PARLEY_LIVEKIT === 'off') {
    if (v.LIVEKIT_URL !== undefined) throw new Stop('PARLEY_LIVEKIT cannot be off with LIVEKIT_URL.');
    return { kind: 'off' };
  }
  if (v.LIVEKIT_URL === undefined) {
    return {
      kind: 'own',
      cacheDir: v.PARLEY_CACHE_DIR ?? null,
      releases: v.PARLEY_LIVEKIT_RELEASES ?? null,
      udpPorts: v.PARLEY_MEDIA_UDP_PORTS ?? null,
    };
  }
  return {
    kind: 'given',
    url: v.LIVEKIT_URL,
    publicUrl: v.LIVEKIT_PUBLIC_URL ?? v.LIVEKIT_URL.replace(/^http/, 'ws'),
    key: v.LIVEKIT_API_KEY ?? '',
    secret: v.LIVEKIT_API_SECRET ?? '',
  };
}

function foreignOf(v: Variables): ForeignIssuer | null {
  if (v.AUTH_JWKS_URL !== undefined && v.AUTH_JWT_SECRET !== undefined) {
    throw new Stop('AUTH_JWKS_URL and AUTH_JWT_SECRET exclude each other: tokens are checked in one way.');
  }
  if (v.AUTH_JWKS_URL === undefined && v.AUTH_JWT_SECRET === undefined) {
    for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE'] as const) {
      if (v[name] !== undefined) throw new Stop(`${name} is of no use without AUTH_JWKS_URL or AUTH_JWT_SECRET.`);
    }
    return null;
  }
  return {
    jwksUrl: v.AUTH_JWKS_URL ?? null,
    secret: v.AUTH_JWT_SECRET ?? null,
    issuer: v.AUTH_ISSUER ?? null,
    audience: v.AUTH_AUDIENCE ?? null,
  };
}

function together(v: Variables, ...names: (keyof Variables)[]): void {
  const given = names.find((name) => v[name] !== undefined);
  const missing = names.find((name) => v[name] === undefined);
  if (given !== undefined && missing !== undefined) throw new Stop(`${missing} is missing: ${given} needs it.`);
}

/** Whether only this machine can reach the address. */
function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}
