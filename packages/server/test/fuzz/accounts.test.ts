import { Problem, ROUTES } from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestPGlite, type TestDatabase } from '../support/databases.ts';
import { type EdgeStage, openEdge } from '../support/edge-stage.ts';
import { createHostile, randomOf } from '../support/hostile.ts';
import { INPUTS, SEED } from './inputs.ts';

const COUNT = Math.round(INPUTS * 0.02);
const routes = ROUTES.filter(({ path, body }) => path.startsWith('/api/auth') && body !== undefined);

let database: TestDatabase;
let edge: EdgeStage;
beforeAll(async () => {
  database = await openTestPGlite();
  edge = await openEdge(database.db);
});
afterAll(async () => {
  await edge?.stop();
  await database?.close();
});

it(`${COUNT} hostile requests about accounts: no failure of the server's own, nothing of a password in the log, and people sign in as before`, {
  timeout: 300_000 + COUNT * 20,
}, async () => {
  console.info(`PARLEY_FUZZ_SEED=${SEED} makes these requests again`);
  const ada = await edge.signUp('Ada', 'a password that is hers');
  const hostile = createHostile(randomOf(SEED + 2), () => [ada.user.id, ada.refreshToken, ada.accessToken, ada.email]);
  for (let i = 0; i < COUNT; i += 1) {
    // A sign-up that happens to be valid costs a hash: few of them.
    const route = hostile.pick(hostile.random() < 0.9 ? routes.filter(({ path }) => !path.endsWith('up')) : routes);
    const sample = route.body === undefined ? {} : hostile.sample(route.body);
    const answer = await edge.ask<unknown>(route.method, route.path, {
      raw: hostile.text(hostile.mutated(sample)),
      headers: { 'content-type': 'application/json' },
      ...(hostile.random() < 0.3
        ? { token: hostile.pick([ada.accessToken.slice(0, -3), 'x.y.z', ada.refreshToken]) }
        : {}),
      // Few addresses: what passes the schema is soon stopped by the limit, before it costs a hash.
      address: `10.9.0.${hostile.below(3)}`,
    });
    const what = `input ${i} of seed ${SEED}: ${route.path} ${answer.status}`;
    if (answer.status >= 500) expect.fail(`${what} ${JSON.stringify(edge.logged.at(-1))}`);
    if (answer.status >= 400 && !Problem.safeParse(answer.body).success) expect.fail(what);
  }
  expect(JSON.stringify(edge.logged)).not.toContain('a password that is hers');
  const again = await edge.post('/api/auth/sign-in', { email: ada.email, password: 'a password that is hers' });
  expect(again.status).toBe(200);
});
