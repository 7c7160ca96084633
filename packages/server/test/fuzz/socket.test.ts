import { randomUUID } from 'node:crypto';
import { ClientMessage } from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/call-stage.ts';
import { openTestPGlite, type TestDatabase } from '../support/databases.ts';
import { createHostile, randomOf } from '../support/hostile.ts';
import type { MemorySocket } from '../support/memory-socket.ts';
import { INPUTS, SEED } from './inputs.ts';

const COUNT = Math.round(INPUTS * 0.45);
/** So many frames, and then the socket is asked for something that it must answer. */
const ROUND = 40;

let database: TestDatabase;
let stage: Stage;
let people: Awaited<ReturnType<Stage['people']>>;
const ids: string[] = [];

beforeAll(async () => {
  database = await openTestPGlite();
  stage = openStage(database.db, { settings: { rateLimits: false } });
  people = await stage.people();
  const { team, ada, grace, mallory } = people;
  const call = await stage.connected(team, ada, grace);
  ids.push(
    team.id,
    team.channelId,
    ada.id,
    grace.id,
    mallory.id,
    ada.deviceId,
    grace.instanceId,
    call.id,
    randomUUID(),
  );
});
afterAll(async () => {
  await stage?.close();
  await database?.close();
});

it(`${COUNT} hostile frames: no failure of the server's own, each refusal has a known code, others served as before`, {
  timeout: 600_000 + COUNT * 10,
}, async () => {
  console.info(`PARLEY_FUZZ_SEED=${SEED} makes these frames again`);
  const hostile = createHostile(randomOf(SEED + 1), () => ids);
  const codes = new Map<string, number>();
  let socket: MemorySocket | null = null;
  let joins = 0;
  const other = (await stage.join(people.mallory)).socket;

  for (let i = 0; i < COUNT; i += 1) {
    if (socket === null || socket.closed) {
      socket = (await stage.join(hostile.pick([people.ada, people.grace]))).socket;
      joins += 1;
    }
    const valid = hostile.sample(ClientMessage);
    const frame = hostile.text(hostile.random() < 0.9 ? hostile.mutated(valid) : valid);
    if (hostile.random() < 0.02) socket.raw(null, hostile.below(70_000));
    else socket.raw(frame);
    // Three bad frames in a row would end it.
    socket.raw('{"t":"pong","n":0}');
    if (i % ROUND !== ROUND - 1) continue;
    for (const one of [socket, other]) {
      if (one.closed) continue;
      const id = randomUUID();
      one.say({ t: 'command', id, name: 'leave', callId: randomUUID(), body: {} });
      // The lane is in order: when this is answered, so is what came before.
      await one.next('error', (message) => message.ref === id);
    }
    for (const { t, ...message } of socket.received as { t: string; problem?: { code: string } }[]) {
      const code = t === 'error' ? (message.problem?.code ?? '') : t;
      if (code === 'internal') expect.fail(`frame ${i} of seed ${SEED}: ${JSON.stringify(stage.errors.at(-1))}`);
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    socket.forget();
    other.forget();
  }
  console.info(`${joins} sockets; ${JSON.stringify(Object.fromEntries([...codes].sort((a, b) => b[1] - a[1])))}`);
  expect(stage.errors).toEqual([]);
  expect(other.closed).toBeNull();
  for (const code of ['bad_frame', 'bad_request', 'not_found', 'unknown_topic']) {
    expect([code, codes.get(code) ?? 0]).not.toEqual([code, 0]);
  }
  const others = await stage.people();
  expect((await stage.connected(others.team, others.ada, others.grace)).status).toBe('connected');
});
