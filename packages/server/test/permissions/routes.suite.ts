import { ROUTES } from '@parley/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEdge } from '../support/edge-stage.ts';
import { cell, expectedOf, permissionTable } from '../support/permission-tables.ts';
import { forEachPerson, type World } from '../support/permission-world.ts';
import { AUTH_LINES, authProbes } from './auth-probes.ts';
import { type Probe, ROUTE_PROBES } from './route-probes.ts';

const rows = permissionTable('Routes');

export function routesSuite(world: () => World): void {
  it('every route stands in docs/permissions.md, and no other', () => {
    const written = new Set([...rows, ...permissionTable('Media')].map((row) => cell(row, 'route')));
    expect([...written].toSorted()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).toSorted());
    const ids = rows.map((row) => cell(row, 'id'));
    expect(new Set(ids).size).toBe(ids.length);
  });

  describe('a server that trusts a foreign issuer', () => {
    for (const row of rows.filter((row) => !isAuth(row))) {
      it(`${cell(row, 'id')}: ${cell(row, 'route')}, ${cell(row, 'of what')}`, async () => {
        const probe = ROUTE_PROBES.get(cell(row, 'id'));
        expect(probe, 'nobody knows how to ask for this').toBeDefined();
        expect(await forEachPerson(async (kind) => (await probe?.(world(), kind)) ?? '')).toEqual(expectedOf(row));
      });
    }
  });

  describe('a server with accounts of its own', () => {
    let probes: ReadonlyMap<string, Probe>;
    beforeAll(async () => {
      const server = await openEdge(world().db, { PARLEY_RATE_LIMITS: 'off' });
      probes = await authProbes(world(), server);
      return () => server.stop();
    });
    for (const row of rows.filter(isAuth)) {
      it(`${cell(row, 'id')}: ${cell(row, 'route')}, ${cell(row, 'of what')}`, async () => {
        const probe = probes.get(cell(row, 'id'));
        expect(probe, 'nobody knows how to ask for this').toBeDefined();
        expect(await forEachPerson(async (kind) => (await probe?.(world(), kind)) ?? '')).toEqual(expectedOf(row));
      });
    }
  });
}

const isAuth = (row: Parameters<typeof cell>[0]) => AUTH_LINES.has(cell(row, 'id'));
