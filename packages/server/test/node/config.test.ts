import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/node/config.ts';
import { Stop } from '../../src/node/stop.ts';

describe('the environment', () => {
  it('without anything set: loopback, port 3000, .data, built-in accounts, the contract’s times', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      loopback: true,
      publicUrl: null,
      trustedProxies: 0,
      demo: null,
      production: false,
      databaseUrl: null,
      foreign: null,
    });
    expect(config.dataDir.endsWith('/.data')).toBe(true);
    expect(config.rules).toMatchObject({
      ringTimeoutMs: 30_000,
      heartbeatMs: 10_000,
      leaseMs: 30_000,
      rateLimits: true,
      turn: null,
      stunUrls: [],
    });
  });

  it('an empty variable is one that is not set', () => {
    expect(readConfig({ PORT: '', PARLEY_DEMO: '', DATABASE_URL: '' })).toEqual(readConfig({}));
  });

  it('tells STUN from TURN', () => {
    const { rules } = readConfig({
      TURN_URLS: 'turn:turn.example.test:3478?transport=tcp, turns:[2001:db8::1]:5349,stun:stun.example.test',
      TURN_SECRET: 's'.repeat(32),
    });
    expect(rules.turn).toEqual({
      urls: ['turn:turn.example.test:3478?transport=tcp', 'turns:[2001:db8::1]:5349'],
      secret: 's'.repeat(32),
    });
    expect(rules.stunUrls).toEqual(['stun:stun.example.test']);
  });

  it('takes the origin of PUBLIC_URL', () => {
    expect(readConfig({ PUBLIC_URL: 'https://calls.example.test/' }).publicUrl).toBe('https://calls.example.test');
  });

  it('takes a list of foreign origins', () => {
    const { corsOrigins } = readConfig({ PARLEY_CORS_ORIGINS: 'https://a.example.test, http://localhost:8081/' });
    expect(corsOrigins).toEqual(['https://a.example.test', 'http://localhost:8081']);
    expect(readConfig({}).corsOrigins).toEqual([]);
  });

  it('provides a media server of its own, unless it is told of one or told not to', () => {
    expect(readConfig({}).liveKit).toEqual({ kind: 'own', cacheDir: null, releases: null, udpPorts: null });
    expect(readConfig({ PARLEY_CACHE_DIR: '/cache' }).liveKit).toMatchObject({ kind: 'own', cacheDir: '/cache' });
    expect(readConfig({ PARLEY_MEDIA_UDP_PORTS: '50000-60000' }).liveKit).toMatchObject({
      udpPorts: { from: 50_000, to: 60_000 },
    });
    expect(readConfig({ PARLEY_LIVEKIT: 'off' }).liveKit).toEqual({ kind: 'off' });
    const keys = { LIVEKIT_API_KEY: 'k', LIVEKIT_API_SECRET: 's' };
    expect(readConfig({ LIVEKIT_URL: 'https://sfu.example.test', ...keys }).liveKit).toEqual({
      kind: 'given',
      url: 'https://sfu.example.test',
      publicUrl: 'wss://sfu.example.test',
      key: 'k',
      secret: 's',
    });
    const inside = { LIVEKIT_URL: 'http://10.0.0.7:7880', LIVEKIT_PUBLIC_URL: 'wss://sfu.example.test', ...keys };
    expect(readConfig(inside).liveKit).toMatchObject({
      url: 'http://10.0.0.7:7880',
      publicUrl: 'wss://sfu.example.test',
    });
  });

  it.each<[env: Record<string, string>, variable: string]>([
    [{ PORT: 'abc' }, 'PORT'],
    [{ PORT: '65536' }, 'PORT'],
    [{ PORT: '-1' }, 'PORT'],
    [{ PORT: '80.5' }, 'PORT'],
    [{ HOST: 'not a host' }, 'HOST'],
    [{ PUBLIC_URL: 'calls.example.test' }, 'PUBLIC_URL'],
    [{ PUBLIC_URL: 'https://example.test/calls' }, 'PUBLIC_URL'],
    [{ PUBLIC_URL: 'ftp://example.test' }, 'PUBLIC_URL'],
    [{ TRUST_PROXY: 'yes' }, 'TRUST_PROXY'],
    [{ PARLEY_DEMO: 'maybe' }, 'PARLEY_DEMO'],
    [{ DATABASE_URL: 'mysql://127.0.0.1/x' }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'nonsense' }, 'DATABASE_URL'],
    [{ REDIS_URL: '127.0.0.1:6379' }, 'REDIS_URL'],
    [{ PARLEY_CORS_ORIGINS: '*' }, 'PARLEY_CORS_ORIGINS'],
    [{ PARLEY_CORS_ORIGINS: 'https://app.example.test/path' }, 'PARLEY_CORS_ORIGINS'],
    [{ LIVEKIT_URL: 'nonsense' }, 'LIVEKIT_URL'],
    [{ LIVEKIT_URL: 'ws://127.0.0.1:7880' }, 'LIVEKIT_API_KEY'],
    [
      { LIVEKIT_URL: 'ws://127.0.0.1:7880', LIVEKIT_API_KEY: 'k', LIVEKIT_API_SECRET: 'short', HOST: '0.0.0.0' },
      'LIVEKIT_API_SECRET',
    ],
    [{ LIVEKIT_PUBLIC_URL: 'http://example.test' }, 'LIVEKIT_PUBLIC_URL'],
    [{ LIVEKIT_PUBLIC_URL: 'wss://example.test' }, 'LIVEKIT_URL'],
    [{ LIVEKIT_API_KEY: 'k', LIVEKIT_API_SECRET: 's' }, 'LIVEKIT_URL'],
    [{ PARLEY_LIVEKIT: 'on' }, 'PARLEY_LIVEKIT'],
    [
      { PARLEY_LIVEKIT: 'off', LIVEKIT_URL: 'ws://127.0.0.1:7880', LIVEKIT_API_KEY: 'k', LIVEKIT_API_SECRET: 's' },
      'PARLEY_LIVEKIT',
    ],
    ...['7882', '60000-50000', '50000-50098', '1000-2000', '65000-65536', 'some'].map(
      (ports): [Record<string, string>, string] => [{ PARLEY_MEDIA_UDP_PORTS: ports }, 'PARLEY_MEDIA_UDP_PORTS'],
    ),
    [{ PARLEY_MEDIA_UDP_PORTS: '50000-60000', PARLEY_LIVEKIT: 'off' }, 'PARLEY_MEDIA_UDP_PORTS'],
    [
      { PARLEY_MEDIA_UDP_PORTS: '50000-60000', REDIS_URL: 'redis://a.test', DATABASE_URL: 'postgres://a.test/a' },
      'PARLEY_MEDIA_UDP_PORTS',
    ],
    [
      {
        PARLEY_MEDIA_UDP_PORTS: '50000-60000',
        LIVEKIT_URL: 'ws://127.0.0.1:7880',
        LIVEKIT_API_KEY: 'k',
        LIVEKIT_API_SECRET: 's',
      },
      'PARLEY_MEDIA_UDP_PORTS',
    ],
    [{ PARLEY_LIVEKIT_RELEASES: 'somewhere' }, 'PARLEY_LIVEKIT_RELEASES'],
    [{ AGORA_APP_ID: 'x' }, 'AGORA_APP_ID'],
    [{ AGORA_APP_ID: 'a'.repeat(32) }, 'AGORA_APP_CERTIFICATE'],
    [{ AUTH_JWKS_URL: 'nonsense' }, 'AUTH_JWKS_URL'],
    [{ AUTH_JWT_SECRET: 'short' }, 'AUTH_JWT_SECRET'],
    [{ AUTH_JWKS_URL: 'https://example.test', AUTH_JWT_SECRET: 'x'.repeat(32) }, 'AUTH_JWT_SECRET'],
    [{ AUTH_ISSUER: 'https://example.test' }, 'AUTH_ISSUER'],
    [{ AUTH_AUDIENCE: 'parley' }, 'AUTH_AUDIENCE'],
    [{ AUTH_JWT_SECRET: 'x'.repeat(32), PARLEY_DEMO: '1' }, 'PARLEY_DEMO'],
    [{ TURN_URLS: 'http://turn.example.test' }, 'TURN_URLS'],
    [{ TURN_URLS: 'turn:turn.example.test' }, 'TURN_SECRET'],
    [{ TURN_URLS: 'turn:' }, 'TURN_URLS'],
    [{ TURN_URLS: 'turn:turn.example.test?transport=sctp' }, 'TURN_URLS'],
    [{ TURN_URLS: 'turn://turn.example.test' }, 'TURN_URLS'],
    [{ TURN_URLS: 'stun:turn.example.test?transport=udp' }, 'TURN_URLS'],
    [{ TURN_URLS: 'stun:stun.example.test,' }, 'TURN_URLS'],
    [{ TURN_SECRET: 'x'.repeat(32) }, 'TURN_SECRET'],
    [{ TURN_URLS: 'turn:turn.example.test', TURN_SECRET: 'x'.repeat(31), HOST: '0.0.0.0' }, 'TURN_SECRET'],
    [{ PARLEY_RING_TIMEOUT_MS: '0' }, 'PARLEY_RING_TIMEOUT_MS'],
    [{ PARLEY_RING_TIMEOUT_MS: '30s' }, 'PARLEY_RING_TIMEOUT_MS'],
    [{ PARLEY_HEARTBEAT_MS: '1e4' }, 'PARLEY_HEARTBEAT_MS'],
    [{ PARLEY_HEARTBEAT_MS: '10000', PARLEY_LEASE_MS: '10000' }, 'PARLEY_LEASE_MS'],
    [{ PARLEY_HEARTBEAT_MS: '40000', PARLEY_LEASE_MS: '30000' }, 'PARLEY_HEARTBEAT_MS'],
    [{ PARLEY_RATE_LIMITS: 'none' }, 'PARLEY_RATE_LIMITS'],
    [{ PARLEY_RATE_LIMITS: 'off', HOST: '0.0.0.0' }, 'PARLEY_RATE_LIMITS'],
    [{ PARLEY_LOG: 'loud' }, 'PARLEY_LOG'],
  ])('%o stops the start with one sentence that names %s', (env, variable) => {
    let stopped: unknown;
    try {
      readConfig(env);
    } catch (error) {
      stopped = error;
    }
    expect(stopped).toBeInstanceOf(Stop);
    expect((stopped as Stop).message).toContain(variable);
    expect((stopped as Stop).message).toMatch(/^[A-Z].*\.$/);
    expect((stopped as Stop).message).not.toContain('\n');
  });

  it('says no secret in a sentence', () => {
    expect(() => readConfig({ AUTH_JWT_SECRET: 'hush' })).toThrow(expect.not.objectContaining({ message: /hush/ }));
  });

  it.each([['localhost'], ['127.0.0.1'], ['127.9.9.9'], ['::1']])('%s is a loopback host', (host) => {
    expect(readConfig({ HOST: host }).loopback).toBe(true);
  });

  it.each([['0.0.0.0'], ['::'], ['192.168.0.7'], ['parley.example.test']])('%s is not', (host) => {
    expect(readConfig({ HOST: host }).loopback).toBe(false);
  });
});
