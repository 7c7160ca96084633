import { describe, expect, it } from 'vitest';
import { CALL_COMMAND_NAMES, commonErrors, DEVICE_COMMANDS, ERRORS, ROUTES } from '../src/index.ts';

const find = (method: string, path: string) => ROUTES.find((route) => route.method === method && route.path === path);

describe('the route table', () => {
  it('names a method and path once', () => {
    const keys = ROUTES.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has every command upon a call, with its idempotency key, and its device where it must be known', () => {
    for (const name of CALL_COMMAND_NAMES) {
      const headers = find('POST', `/api/calls/:id/${name}`)?.headers;
      expect(headers?.['Idempotency-Key']).toBe('required');
      expect(headers?.['X-Device-Id']).toBe(DEVICE_COMMANDS.has(name) ? 'required' : 'optional');
    }
  });

  it('refuses unknown fields in every body', () => {
    for (const { path, body } of ROUTES) {
      if (body === undefined) continue;
      const issues = body.safeParse({ nobodyKnowsThis: 1 }).error?.issues ?? [];
      expect([path, issues.some(({ code }) => code === 'unrecognized_keys')]).toEqual([path, true]);
    }
  });

  it('asks for a token everywhere but where there can be none yet', () => {
    const open = ROUTES.filter(({ auth }) => auth === 'public').map(({ path }) => path);
    expect(open.toSorted()).toEqual([
      '/api/auth/refresh',
      '/api/auth/sign-in',
      '/api/auth/sign-up',
      '/api/call-links/:token',
      '/api/call-links/:token/knock',
      '/api/config',
      '/api/invitations/:token',
      // Signed by the media server, which has no account.
      '/api/media/webhook',
      '/api/openapi.json',
      '/api/realtime',
      '/health/live',
      '/health/ready',
      '/metrics',
    ]);
  });

  it('answers with codes that exist', () => {
    for (const route of ROUTES) {
      for (const code of [...route.errors, ...commonErrors(route)]) expect(ERRORS[code]).toBeDefined();
    }
  });
});
