import { ROUTES } from '@parley/protocol';
import { expect, it } from 'vitest';
import type { EdgeStage } from '../support/edge-stage.ts';

interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, { responses: Record<string, unknown>; security: unknown[] }>>;
}

export function systemSuite(stage: () => EdgeStage): void {
  it('is live, and ready with its database and without an SFU', async () => {
    expect((await stage().get('/health/live')).body).toEqual({ status: 'ok' });
    expect((await stage().get('/health/ready')).body).toEqual({ status: 'ready', database: 'ready', sfu: 'absent' });
  });

  it('tells the app what it must know before anybody signed in', async () => {
    const { body } = await stage().get<Record<string, unknown>>('/api/config');
    expect(body).toMatchObject({ demo: false, people: [], builtInAccounts: true });
  });

  it('describes every route with its answers', async () => {
    const { body } = await stage().get<OpenApi>('/api/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const described = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.toSorted()).toEqual(
      ROUTES.map(({ method, path }) => `${method} ${path.replace(/:([A-Za-z]+)/g, '{$1}')}`).toSorted(),
    );
    const create = body.paths['/api/calls']?.post;
    expect(Object.keys(create?.responses ?? {})).toEqual(expect.arrayContaining(['200', '201', '400', '401', '429']));
    expect(create?.security).toEqual([{ bearer: [] }]);
  });

  it('counts requests by route, never by id', async () => {
    await stage().get(`/api/teams/${crypto.randomUUID()}/members`, (await stage().signUp('Ada')).accessToken);
    const { body } = await stage().get<string>('/metrics');
    expect(body).toMatch(/parley_http_request_duration_seconds_count\{.*route="\/api\/teams\/:teamId\/members".*\} \d/);
    expect(body).not.toMatch(/route="[^"]*[0-9a-f]{8}-/);
    expect(body).toContain('parley_sockets 0');
  });

  it('sends the headers that keep a page safe', async () => {
    const { headers } = await stage().get('/api/config');
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('permissions-policy')).toContain('microphone=(self)');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('cache-control')).toBe('no-store');
  });
}
