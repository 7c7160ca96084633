import { afterAll, beforeAll, describe } from 'vitest';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';
import { type EdgeStage, openEdge } from '../support/edge-stage.ts';
import { authSuite } from './auth.suite.ts';
import { badInputSuite } from './bad-input.suite.ts';
import { demoSuite } from './demo.suite.ts';
import { limitsSuite } from './limits.suite.ts';
import { systemSuite } from './system.suite.ts';
import { teamsSuite } from './teams.suite.ts';

// One database for all of them: to start one costs seconds.
oneDatabase((_name, open) => {
  let database: TestDatabase;
  let edge: EdgeStage;

  beforeAll(async () => {
    database = await open();
    edge = await openEdge(database.db);
  });
  afterAll(async () => {
    await edge?.stop();
    await database?.close();
  });

  const stage = () => edge;
  describe('teams and chat', () => teamsSuite(stage));
  describe('bad input', () => badInputSuite(stage));
  describe('probes, description, figures', () => systemSuite(stage));
  describe('sign-in limits', () => limitsSuite(stage));
  // These turn the clock, and so come last.
  describe('accounts', () => authSuite(stage));
  describe('demo', () => demoSuite(() => database.db));
});
