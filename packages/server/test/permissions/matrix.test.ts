import { afterAll, beforeAll, describe } from 'vitest';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';
import { openWorld, type World } from '../support/permission-world.ts';
import { departuresSuite } from './departures.suite.ts';
import { mediaSuite } from './media.suite.ts';
import { routesSuite } from './routes.suite.ts';
import { socketsSuite } from './sockets.suite.ts';

// docs/permissions.md, asked of the running server. One database for all of it.
oneDatabase((_name, open) => {
  let database: TestDatabase;
  let opened: World;

  beforeAll(async () => {
    database = await open();
    opened = await openWorld(database.db);
  });
  afterAll(async () => {
    await opened?.stop();
    await database?.close();
  });

  const world = () => opened;
  describe('routes', () => routesSuite(world));
  describe('sockets', () => socketsSuite(world));
  describe('media', () => mediaSuite(world));
  describe('leaving a team', () => departuresSuite(world));
});
