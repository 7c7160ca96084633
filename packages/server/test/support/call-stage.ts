import { randomUUID } from 'node:crypto';
import type { Call, CallEventRecord, Problem } from '@parley/protocol';
import { createApp } from '../../src/http/app.ts';
import { callRoutes } from '../../src/http/call-routes.ts';
import { notificationRoutes } from '../../src/http/notification-routes.ts';
import { type CallLimits, unlimitedCalls } from '../../src/ports/call-limits.ts';
import type { Database } from '../../src/ports/database.ts';
import { EdgeError } from '../../src/ports/edge-error.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { MediaServer } from '../../src/ports/media-server.ts';
import { noHttpMetrics } from '../../src/ports/metrics.ts';
import { type AccountLimits, unlimitedAccounts } from '../../src/ports/rate-limits.ts';
import type { Settings } from '../../src/ports/settings.ts';
import { createLocalFanout, type FanoutMessage, fanoutPublisher } from '../../src/realtime/fanout.ts';
import { createHub } from '../../src/realtime/hub.ts';
import { createCallDoor } from '../../src/usecases/call-door.ts';
import { createCallUseCases } from '../../src/usecases/calls.ts';
import { createMediaEffects } from '../../src/usecases/media-effects.ts';
import { createSweeper } from '../../src/usecases/sweep.ts';
import type { CallObserver } from '../../src/usecases/types.ts';
import { ManualClock, ManualTimers } from './manual-timers.ts';
import { MemorySocket } from './memory-socket.ts';
import { makePerson, makeTeam, type TestPerson, type TestTeam } from './people.ts';

const SETTINGS: Settings = {
  ringTimeoutMs: 30_000,
  connectTimeoutMs: 60_000,
  heartbeatMs: 10_000,
  leaseMs: 30_000,
  publicUrl: 'http://localhost:3000',
  demo: false,
  rateLimits: true,
  stunUrls: ['stun:stun.example.test:3478'],
  turn: { urls: ['turn:turn.example.test:3478'], secret: 'a shared secret' },
};

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

export type Stage = ReturnType<typeof openStage>;

/** The calls over REST and sockets on one database, with a clock that a test turns by hand. Tokens are user ids. */
export function openStage(
  db: Database,
  options: {
    readonly limits?: CallLimits;
    readonly settings?: Partial<Settings>;
    readonly observer?: CallObserver;
    readonly media?: MediaServer;
    readonly accounts?: AccountLimits;
  } = {},
) {
  const settings = { ...SETTINGS, ...options.settings };
  const clock = new ManualClock();
  const timers = new ManualTimers();
  const fanout = createLocalFanout();
  const heard: FanoutMessage[] = [];
  fanout.subscribe((message) => heard.push(message));
  const errors: unknown[] = [];
  const log: Logger = { info: () => {}, warn: () => {}, error: (fields) => errors.push(fields) };
  const publisher = fanoutPublisher(fanout);
  const mediaEffects = options.media ? createMediaEffects({ db, media: options.media, log }) : null;
  const deps = {
    db,
    publisher,
    settings,
    clock,
    log,
    limits: options.limits ?? unlimitedCalls,
    ...(options.observer ? { observer: options.observer } : {}),
    ...(options.media ? { media: options.media, mediaEffects } : {}),
  };
  const calls = createCallUseCases(deps);
  // A guest's token is their id, as everybody's here; theirs says so.
  const door = createCallDoor(deps, calls, { sign: async (userId) => `guest-${userId}` });
  const verifier = {
    verify: async (token: string) => {
      const isAnonymous = token.startsWith('guest-');
      const userId = isAnonymous ? token.slice(6) : token;
      if (!/^[0-9a-f-]{36}$/.test(userId)) throw new EdgeError('token_invalid');
      return { userId, isAnonymous, expiresAt: clock.now() + 900_000 };
    },
  };
  const sweeper = createSweeper({ calls, door, fanout, clock, timers, log });
  const hub = createHub({ db, verifier, calls, fanout, settings, clock, timers, log });
  const app = createApp(
    {
      db,
      verifier,
      publisher,
      settings,
      clock,
      log,
      metrics: noHttpMetrics,
      accountLimits: options.accounts ?? unlimitedAccounts,
      calls,
      door,
      identity: null,
      addressOf: () => '127.0.0.1',
      demoPeople: [],
      version: '0.0.0',
      metricsText: async () => ({ contentType: 'text/plain', body: '' }),
    },
    [
      { path: '/api/calls', routes: callRoutes({ calls, door }) },
      { path: '/api/notifications', routes: notificationRoutes({ calls }) },
    ],
  );

  async function request<T>(
    who: TestPerson | null,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string | null> = {},
  ): Promise<Answer<T>> {
    const all: Record<string, string | null> = {
      authorization: who ? `Bearer ${who.token ?? who.id}` : null,
      'x-device-id': who?.deviceId ?? null,
      'x-instance-id': who?.instanceId ?? null,
      'idempotency-key': method === 'GET' ? null : randomUUID(),
      'content-type': body === undefined ? null : 'application/json',
      ...headers,
    };
    const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
    const response = await app.request(path, {
      method,
      headers: sent,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T, headers: response.headers };
  }

  const create = (team: TestTeam, from: TestPerson, to: TestPerson, more: Record<string, unknown> = {}, headers = {}) =>
    request<Call>(
      from,
      'POST',
      '/api/calls',
      { teamId: team.id, channelId: null, callType: 'audio', recipientIds: [to.id], ...more },
      headers,
    );
  const command = (who: TestPerson, callId: string, name: string, body: unknown = {}, headers = {}) =>
    request<Call>(who, 'POST', `/api/calls/${callId}/${name}`, body, headers);
  const get = async (who: TestPerson, callId: string) => (await request<Call>(who, 'GET', `/api/calls/${callId}`)).body;
  const events = async (who: TestPerson, callId: string) =>
    (await request<{ items: CallEventRecord[] }>(who, 'GET', `/api/calls/${callId}/events`)).body.items;
  const inbox = async (who: TestPerson) =>
    (await request<{ items: { callId: string; type: string }[] }>(who, 'GET', '/api/notifications')).body.items;

  return {
    app,
    db,
    calls,
    clock,
    timers,
    fanout,
    heard,
    errors,
    deps,
    mediaEffects,
    sweeper,
    hub,
    settings,
    request,
    create,
    command,
    get,
    events,
    inbox,
    /** A problem's code. */
    code: (answer: Answer<unknown>): string => (answer.body as Problem).code,
    /** Time passes, with a server that is there all the while: in steps well below what it would call a gap (6 s). */
    async pass(ms: number): Promise<void> {
      for (let left = ms; left > 0; left -= 2_000) {
        clock.turn(Math.min(left, 2_000));
        await sweeper.sweep();
      }
    },
    /** Two people of one team, and somebody who is in another. */
    async people(): Promise<{ team: TestTeam; ada: TestPerson; grace: TestPerson; mallory: TestPerson }> {
      const [ada, grace, mallory] = [
        await makePerson(db, 'Ada'),
        await makePerson(db, 'Grace'),
        await makePerson(db, 'Mallory'),
      ];
      await makeTeam(db, [mallory], 'Elsewhere');
      return { team: await makeTeam(db, [ada, grace]), ada, grace, mallory };
    },
    /** Another device of the same person; it is known once it has said something. */
    otherDevice: (person: TestPerson): TestPerson => ({ ...person, deviceId: randomUUID(), instanceId: randomUUID() }),
    /** A socket of this person's device that has been welcomed. */
    async join(person: TestPerson, resume?: { calls: Record<string, number>; inbox: number }) {
      const socket = new MemorySocket();
      socket.attach(hub.connect(socket));
      socket.say({
        t: 'hello',
        v: 1,
        token: person.token ?? person.id,
        deviceId: person.deviceId,
        instanceId: person.instanceId,
        ...(resume ? { resume } : {}),
      });
      const welcome = await socket.next('welcome');
      return { socket, welcome };
    },
    /** Takes a call to where both talk. */
    async connected(team: TestTeam, from: TestPerson, to: TestPerson): Promise<Call> {
      const { body } = await create(team, from, to);
      await command(to, body.id, 'accept');
      await command(from, body.id, 'media-connected');
      return (await command(to, body.id, 'media-connected')).body;
    },
    async close() {
      hub.stop();
      await sweeper.stop();
    },
  };
}
