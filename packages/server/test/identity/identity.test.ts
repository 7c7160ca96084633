import { afterAll, beforeAll, describe } from 'vitest';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';
import { type EdgeStage, openEdge } from '../support/edge-stage.ts';
import { deletionSuite } from './deletion.suite.ts';
import { invitationSuite } from './invitations.suite.ts';
import { passwordSuite } from './passwords.suite.ts';
import { sessionSuite } from './sessions.suite.ts';
import { settingsSuite } from './settings.suite.ts';

// One database for all of them: to start one costs seconds. Whoever asks often does so from an address of their own.
oneDatabase((_name, open) => {
  let database: TestDatabase;
  let edge: EdgeStage;

  beforeAll(async () => {
    database = await open();
    edge = await openEdge(database.db, { PARLEY_RATE_LIMITS: 'off' });
  });
  afterAll(async () => {
    await edge?.stop();
    await database?.close();
  });

  const stage = () => edge;
  describe('passwords', () => passwordSuite(stage));
  describe('invitations', () => invitationSuite(stage));
  describe('deletion of an account', () => deletionSuite(stage));
  describe('settings', () => settingsSuite(stage));
  // These turn the clock, and so come last.
  describe('sessions', () => sessionSuite(stage));
});
