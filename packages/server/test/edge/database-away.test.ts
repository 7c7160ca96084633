import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/http/app.ts';
import type { AppDeps } from '../../src/http/deps.ts';
import { type Database, DatabaseUnavailable } from '../../src/ports/database.ts';
import { noHttpMetrics } from '../../src/ports/metrics.ts';

const away = () => Promise.reject(new DatabaseUnavailable('no connection to 10.0.0.7'));
const db: Database = { tx: away, readAs: away, once: away, close: async () => undefined };

describe('while the database is away', () => {
  const warned: unknown[] = [];
  let app: ReturnType<typeof createApp>;
  beforeAll(() => {
    const log = { info: () => undefined, error: () => undefined, warn: (fields: unknown) => warned.push(fields) };
    app = createApp({
      db,
      log,
      metrics: noHttpMetrics,
      settings: { publicUrl: 'http://localhost:3000' },
      verifier: { verify: async () => ({ userId: crypto.randomUUID(), isAnonymous: false, expiresAt: 0 }) },
      calls: { seen: async () => undefined },
    } as unknown as AppDeps);
  });
  const get = (path: string) => app.request(path, { headers: { authorization: 'Bearer abc' } });

  it('answers 503 with a time to come back, and says nothing of where the database is', async () => {
    const response = await get('/api/teams');
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    const text = await response.text();
    expect(JSON.parse(text).code).toBe('database_unavailable');
    expect(text).not.toContain('10.0.0.7');
    expect(warned.length).toBe(1);
  });

  it('is live, but not ready', async () => {
    expect((await get('/health/live')).status).toBe(200);
    const ready = await get('/health/ready');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: 'unavailable', database: 'unavailable', sfu: 'absent' });
  });
});
