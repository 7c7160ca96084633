import { ROUTES } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/http/app.ts';
import { callRoutes } from '../../src/http/call-routes.ts';
import type { AppDeps } from '../../src/http/deps.ts';
import { notificationRoutes } from '../../src/http/notification-routes.ts';
import { openApiDocument } from '../../src/http/openapi.ts';
import type { CallDoor } from '../../src/usecases/call-door.ts';
import type { CallUseCases } from '../../src/usecases/types.ts';

describe('the route table of the protocol', () => {
  const key = ({ method, path }: { method: string; path: string }) => `${method} ${path.replace(/(.)\/$/, '$1')}`;

  it('names every route that the server has, and no other', () => {
    // Routes are only registered here, so that nothing behind them is needed.
    const calls = {} as CallUseCases;
    const door = {} as CallDoor;
    const deps = { settings: { publicUrl: 'http://localhost:3000' }, calls, door } as unknown as AppDeps;
    const app = createApp(deps, [
      { path: '/api/calls', routes: callRoutes({ calls, door }) },
      { path: '/api/notifications', routes: notificationRoutes({ calls }) },
    ]);
    const served = new Set(app.routes.filter(({ method }) => method !== 'ALL').map(key));
    // The socket is not a route of the application: it begins with an upgrade.
    const described = ROUTES.map(key).filter((route) => route !== 'GET /api/realtime');
    expect([...served].toSorted()).toEqual(described.toSorted());
  });

  it('gives each operation an id of its own', () => {
    const { paths } = openApiDocument('1.0.0') as { paths: Record<string, Record<string, { operationId: string }>> };
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/);
  });
});
