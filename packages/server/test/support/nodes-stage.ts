import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call } from '@parley/protocol';
import { SignJWT } from 'jose';
import type { Database } from '../../src/ports/database.ts';
import { type ChildServer, startChild } from './child-server.ts';
import { openLive } from './live-socket.ts';
import type { MemorySocket } from './memory-socket.ts';
import { OwnRedis } from './own-redis.ts';
import { makeTeam } from './people.ts';
import { until } from './until.ts';

/** Of the issuer of tokens. */
const SECRET = 'a secret that is long enough for tests';

export interface Node extends ChildServer {
  readonly url: string;
}

/** Somebody with one device and one running app. */
export interface Person {
  readonly id: string;
  readonly token: string;
  readonly deviceId: string;
  readonly instanceId: string;
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** Several server processes on one Postgres and a Redis of their own. */
export class NodesStage {
  readonly redis: OwnRedis;
  readonly nodes: Node[] = [];
  readonly #database: { readonly db: Database; readonly url: string };
  readonly #env: Record<string, string>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'parley-nodes-'));
  #started = 0;

  private constructor(
    database: { readonly db: Database; readonly url: string },
    redis: OwnRedis,
    env: Record<string, string>,
  ) {
    this.#database = database;
    this.redis = redis;
    this.#env = env;
  }

  static async open(
    database: { readonly db: Database; readonly url: string | null },
    count: number,
    env: Record<string, string> = {},
  ): Promise<NodesStage> {
    const { db, url } = database;
    if (url === null) throw new Error('nodes share a server');
    const stage = new NodesStage({ db, url }, await OwnRedis.start(), env);
    await Promise.all(Array.from({ length: count }, () => stage.start()));
    await stage.together();
    return stage;
  }

  async start(): Promise<Node> {
    this.#started += 1;
    const child = startChild({
      DATABASE_URL: this.#database.url,
      REDIS_URL: this.redis.url,
      PARLEY_DATA_DIR: join(this.#folder, String(this.#started)),
      PARLEY_DEMO: '0',
      AUTH_JWT_SECRET: SECRET,
      PARLEY_RATE_LIMITS: 'off',
      PARLEY_LOG: 'info',
      ...this.#env,
    });
    const node = { ...child, url: await child.ready };
    this.nodes.push(node);
    return node;
  }

  /** All nodes know of each other, and of no dead ones. */
  async together(): Promise<void> {
    for (const node of this.nodes) {
      await until('nodes that know of each other', () => this.gauge(node, 'parley_nodes'), this.nodes.length);
    }
  }

  async gauge(node: Node, name: string): Promise<number> {
    const text = await (await fetch(`${node.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }

  /** Whether Redis carries, on each node. */
  async carried(by: 'redis' | 'postgres'): Promise<void> {
    for (const node of this.nodes) {
      await until(`carried by ${by}`, () => this.gauge(node, 'parley_redis_carries'), by === 'redis' ? 1 : 0);
    }
  }

  async kill(node: Node): Promise<void> {
    node.process.kill('SIGKILL');
    await node.ended;
    this.nodes.splice(this.nodes.indexOf(node), 1);
  }

  /** As an upgrade does. @returns how it ended */
  async stop(node: Node): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    this.nodes.splice(this.nodes.indexOf(node), 1);
    node.process.kill('SIGTERM');
    return node.ended;
  }

  async close(): Promise<void> {
    for (const node of this.nodes.splice(0)) {
      node.process.kill('SIGKILL');
      await node.ended;
    }
    await this.redis.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** People of one team. Their tokens are a foreign issuer's: passwords cost time. */
  async people<const N extends readonly string[]>(...names: N): Promise<{ [K in keyof N]: Person }> {
    const people = await Promise.all(
      names.map(async (name): Promise<Person> => {
        const id = randomUUID();
        const token = await new SignJWT({ name })
          .setProtectedHeader({ alg: 'HS256' })
          .setSubject(id)
          .setExpirationTime('1h')
          .sign(new TextEncoder().encode(SECRET));
        const person = { id, token, deviceId: randomUUID(), instanceId: randomUUID() };
        await this.ask(this.any(), 'GET', '/api/me', person);
        return person;
      }),
    );
    await makeTeam(
      this.#database.db,
      people.map((person, i) => ({ ...person, displayName: names[i] ?? '' })),
    );
    return people as { [K in keyof N]: Person };
  }

  connect(node: Node, person: Person): Promise<MemorySocket> {
    return openLive(node.url, person);
  }

  async teamOf(person: Person, node: { readonly url: string } = this.any()): Promise<string> {
    const { body } = await this.ask<{ items: { id: string }[] }>(node, 'GET', '/api/teams', person);
    return body.items[0]?.id ?? '';
  }

  any(): Node {
    const [node] = this.nodes;
    if (node === undefined) throw new Error('no node');
    return node;
  }

  async ask<T>(
    node: { readonly url: string },
    method: string,
    path: string,
    who: Person | null,
    body?: unknown,
    key: string = randomUUID(),
  ): Promise<Answer<T>> {
    const response = await fetch(`${node.url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(who === null
          ? {}
          : {
              authorization: `Bearer ${who.token}`,
              'x-device-id': who.deviceId,
              'x-instance-id': who.instanceId,
            }),
        'idempotency-key': key,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T };
  }

  async call(node: { readonly url: string }, caller: Person, callee: Person): Promise<Call> {
    const teamId = await this.teamOf(caller, node);
    const { status, body } = await this.ask<Call>(node, 'POST', '/api/calls', caller, {
      teamId,
      channelId: null,
      callType: 'audio',
      recipientIds: [callee.id],
    });
    if (status !== 201) throw new Error(`a call gave ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  command(
    node: { readonly url: string },
    who: Person,
    call: { readonly id: string },
    name: string,
    body: unknown = {},
  ) {
    return this.ask<Call>(node, 'POST', `/api/calls/${call.id}/${name}`, who, body);
  }

  /** Accepted, and media flows on both sides. */
  async talk(node: Node, caller: Person, callee: Person): Promise<Call> {
    const call = await this.call(node, caller, callee);
    await this.command(node, callee, call, 'accept');
    await this.command(node, caller, call, 'media-connected');
    return (await this.command(node, callee, call, 'media-connected')).body;
  }
}
