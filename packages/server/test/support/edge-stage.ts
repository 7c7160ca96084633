import type { Problem, Session } from '@parley/protocol';
import { compose } from '../../src/node/compose.ts';
import { readConfig } from '../../src/node/config.ts';
import { createPasswordHasher } from '../../src/node/password-hash.ts';
import { type Database, DatabaseUnavailable } from '../../src/ports/database.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { PasswordHasher } from '../../src/ports/passwords.ts';
import { ManualClock } from './manual-timers.ts';

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface Ask {
  readonly token?: string;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: BodyInit;
  readonly headers?: Record<string, string>;
  /** Address of the peer. Every test file has one of its own, unless limits are what it is about. */
  readonly address?: string;
}

export type EdgeStage = Awaited<ReturnType<typeof openEdge>>;

/** Little work for a password: many sign up in tests. */
const PASSWORD_WORK = 12;

/** The whole server as `main.ts` composes it, but for the port: over one database, with a clock that a test turns by hand. */
export async function openEdge(db: Database, env: Record<string, string> = {}) {
  const clock = new ManualClock();
  const logged: Record<string, unknown>[] = [];
  const keep = (fields: Record<string, unknown>, message: string) => logged.push({ ...fields, message });
  const log: Logger = { info: keep, warn: keep, error: keep };
  const config = readConfig({ PARLEY_DEMO: '0', PARLEY_LIVEKIT: 'off', ...env });
  const hasher = createPasswordHasher(PASSWORD_WORK);
  let hashings = 0;
  const passwords: PasswordHasher = {
    hash: (password) => {
      hashings += 1;
      return hasher.hash(password);
    },
    verify: (hash, password) => {
      hashings += 1;
      return hasher.verify(hash, password);
    },
  };
  let away = false;
  const reach = <T>(work: () => Promise<T>): Promise<T> =>
    away ? Promise.reject(new DatabaseUnavailable('away')) : work();
  const shaky: Database = {
    tx: (run) => reach(() => db.tx(run)),
    readAs: (claims, run) => reach(() => db.readAs(claims, run)),
    once: (text, params) => reach(() => db.once(text, params)),
    close: () => db.close(),
  };
  const server = await compose(config, { db: shaky, port: 3000, log, clock, passwords });
  let people = 0;

  async function ask<T = Record<string, unknown>>(method: string, path: string, options: Ask = {}): Promise<Answer<T>> {
    const { token, body, raw, headers = {}, address = '127.0.0.1' } = options;
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const request = new Request(`http://localhost:3000${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent, duplex: 'half' }),
    } as RequestInit);
    const response = await server.app.fetch(request, { incoming: { socket: { remoteAddress: address }, headers } });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  return {
    db,
    clock,
    logged,
    /** How often the dear work of a password was done. */
    hashings: () => hashings,
    ask,
    get: <T>(path: string, token?: string) => ask<T>('GET', path, token === undefined ? {} : { token }),
    post: <T>(path: string, body: unknown, token?: string) =>
      ask<T>('POST', path, token === undefined ? { body } : { body, token }),
    /** A new account; its email is unique within the stage. */
    async signUp(displayName: string, password = 'correct horse'): Promise<Session & { email: string }> {
      people += 1;
      const email = `person${people}@example.test`;
      const { status, body } = await ask<Session>('POST', '/api/auth/sign-up', {
        body: { email, password, displayName },
      });
      if (status !== 201) throw new Error(`Sign-up gave ${status}: ${JSON.stringify(body)}`);
      return { ...body, email };
    },
    /** As if the database were away meanwhile. */
    async withoutDatabase(work: () => Promise<void>): Promise<void> {
      away = true;
      try {
        await work();
      } finally {
        away = false;
      }
    },
    hub: server.hub,
    stop: server.stop,
  };
}

/** Status and stable code of a refusal. */
export const refusal = ({ status, body }: Answer<unknown>): [number, string] => [status, (body as Problem).code];
