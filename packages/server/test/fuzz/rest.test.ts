import { randomUUID } from 'node:crypto';
import { Problem, ROUTES, type RouteSpec } from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/call-stage.ts';
import { openTestPGlite, type TestDatabase } from '../support/databases.ts';
import { createHostile, type Hostile, randomOf } from '../support/hostile.ts';
import { INPUTS, SEED } from './inputs.ts';

const COUNT = Math.round(INPUTS * 0.55);
const routes = ROUTES.filter(({ path }) => !/realtime|^\/metrics|openapi|health|auth/.test(path));
const withBody = routes.filter(({ body }) => body !== undefined);

let database: TestDatabase;
let stage: Stage;
let people: Awaited<ReturnType<Stage['people']>>;
const ids: string[] = [];

beforeAll(async () => {
  database = await openTestPGlite();
  stage = openStage(database.db, { settings: { rateLimits: false } });
  people = await stage.people();
  const { team, ada, grace, mallory } = people;
  const call = await stage.create(team, ada, grace);
  ids.push(team.id, team.channelId, ada.id, grace.id, mallory.id, ada.deviceId, call.body.id, randomUUID());
});
afterAll(async () => {
  await stage?.close();
  await database?.close();
});

/** Percent-encoded; at times badly. Half of a surrogate pair cannot be. */
const segment = (text: string): string => encodeURIComponent(text.toWellFormed()).replace(/%27/g, '%zz');

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A valid request of the route with something wrong in its path, query, headers or body; null where Fetch itself refuses to build it. */
function request(hostile: Hostile, route: RouteSpec): Request | null {
  const { pick, below, random } = hostile;
  const part = (odds: number) => (random() < odds ? segment(plain(hostile.value()).slice(0, 200)) : pick(ids));
  // Most are turned away at the door: those that reach the database take a hundred times as long.
  const passes = random() < 0.04;
  const odds = passes ? 0.1 : route.body === undefined ? 0.9 : 0.1;
  const path = route.path.replace(/:[A-Za-z]+/g, () => part(odds));
  const query =
    route.query !== undefined || random() < 0.05
      ? `?${pick(['cursor', 'after', 'teamId', 'x', '__proto__'])}=${part(0.6)}&teamId=${part(0.2)}`
      : '';
  const person = pick([people.ada, people.grace, people.mallory]);
  const headers: Record<string, string> = {
    authorization:
      random() < 0.95 ? `Bearer ${person.id}` : pick(['Bearer', 'Bearer x', `Basic ${person.id}`, 'x'.repeat(5_000)]),
    'x-device-id': random() < 0.95 ? person.deviceId : pick(['', 'x', person.deviceId.repeat(3)]),
    'x-instance-id': random() < 0.97 ? person.instanceId : 'x',
    'idempotency-key': random() < 0.95 ? randomUUID() : pick(['', '-', person.id]),
    'content-type': random() < 0.95 ? 'application/json' : pick(['text/plain', 'application/json; charset=utf-16', '']),
  };
  const method = random() < 0.97 ? route.method : pick(['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'QUERY']);
  const valid = route.body === undefined ? {} : hostile.sample(route.body);
  const text = hostile.text(passes ? valid : hostile.mutated(valid));
  const raw = random() < 0.03 ? Uint8Array.from({ length: below(300) }, () => below(256)) : text;
  try {
    return new Request(`http://localhost:3000${path}${query}`, {
      method,
      headers,
      ...(method === 'GET' || method === 'HEAD' ? {} : { body: raw }),
    });
  } catch {
    return null;
  }
}

it(`${COUNT} hostile requests: no failure of the server's own, every refusal a problem document, others served as before`, {
  timeout: 600_000 + COUNT * 10,
}, async () => {
  console.info(`PARLEY_FUZZ_SEED=${SEED} makes these requests again`);
  const hostile = createHostile(randomOf(SEED), () => ids);
  const seen = new Map<string, number>();
  for (let i = 0; i < COUNT; i += 1) {
    const asked = request(hostile, hostile.pick(hostile.random() < 0.9 ? withBody : routes));
    if (asked === null) continue;
    const what = `input ${i} of seed ${SEED}: ${asked.method} ${asked.url.slice(0, 200)}`;
    const answer = await stage.app.fetch(asked);
    const text = await answer.text();
    // There is no media server here: whoever asks for a group call is told so.
    if (answer.status >= 500 && !text.includes('"sfu_unavailable"')) {
      expect.fail(`${what}: ${answer.status} ${JSON.stringify(stage.errors.at(-1) ?? text)}`);
    }
    let key = String(answer.status);
    if (answer.status >= 400 && asked.method !== 'HEAD') {
      if (answer.headers.get('content-type') !== 'application/problem+json') expect.fail(`${what}: ${text}`);
      const problem = Problem.safeParse(JSON.parse(text));
      if (!problem.success || problem.data.status !== answer.status) expect.fail(`${what}: ${text}`);
      key = problem.data.code;
    } else if (answer.status === 201) {
      const { id } = JSON.parse(text) as { id?: string };
      if (id !== undefined && ids.length < 200) ids.push(id);
    }
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  console.info(JSON.stringify(Object.fromEntries([...seen].sort((a, b) => b[1] - a[1]))));
  expect(stage.errors).toEqual([]);
  // The inputs did get past the door.
  for (const code of ['200', '201', 'bad_json', 'bad_request', 'bad_id', 'not_found', 'token_invalid']) {
    expect([code, seen.get(code) ?? 0]).not.toEqual([code, 0]);
  }
  const others = await stage.people();
  expect((await stage.connected(others.team, others.ada, others.grace)).status).toBe('connected');
});
