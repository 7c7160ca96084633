import { beforeAll, expect, it } from 'vitest';
import type { MemorySocket } from '../support/memory-socket.ts';
import { cell, expectedOf, permissionTable } from '../support/permission-tables.ts';
import { forEachPerson, type SignedIn, type World } from '../support/permission-world.ts';
import { SOCKET_PROBES, type SocketOf } from './socket-probes.ts';

export function socketsSuite(world: () => World): void {
  const sockets = new Map<SignedIn, MemorySocket>();
  const socketOf: SocketOf = async (kind) => {
    const socket = sockets.get(kind) ?? (await world().join(world().people[kind]));
    sockets.set(kind, socket);
    return socket;
  };
  beforeAll(() => () => {
    for (const socket of sockets.values()) socket.cut();
  });

  for (const row of permissionTable('Sockets')) {
    it(`${cell(row, 'id')}: ${cell(row, 'message')}, ${cell(row, 'of what')}`, async () => {
      const probe = SOCKET_PROBES.get(cell(row, 'id'));
      expect(probe, 'nobody knows how to ask for this').toBeDefined();
      const got = await forEachPerson(async (kind) => (await probe?.(world(), kind, socketOf)) ?? '');
      expect(got).toEqual(expectedOf(row));
    });
  }
}
