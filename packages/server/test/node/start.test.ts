import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLOSE, MAX_FRAME_BYTES, type Session } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { lockDataDir } from '../../src/node/data-lock.ts';
import { type ChildServer, startChild } from '../support/child-server.ts';
import { createDatabase, onPostgres } from '../support/databases.ts';

let dir: string;
const children: ChildServer[] = [];
const start = (env: Record<string, string> = {}, args: readonly string[] = []): ChildServer => {
  const child = startChild({ PARLEY_DATA_DIR: join(dir, 'data'), ...env }, args);
  children.push(child);
  return child;
};

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'parley-start-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.process.kill('SIGKILL');
    await child.ended;
  }
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** One sentence on standard error and status 1: what whoever started it is told. */
async function refusal(child: ChildServer): Promise<string> {
  expect(await child.ended).toEqual({ code: 1, signal: null });
  expect(child.out()).toBe('');
  expect(child.err()).toMatch(/^[A-Z][^\n]*\.\n$/);
  return child.err();
}

const signIn = async (url: string): Promise<Session> => {
  const response = await fetch(`${url}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ada@acme.test', password: 'parley-demo' }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Session;
};

/** Status of an attempt to open the socket; 101 where it opened. */
function upgrade(url: string, path: string, origin?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const attempt = request(`${url}${path}`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...(origin === undefined ? {} : { origin }),
      },
    });
    attempt.on('response', (response) => resolve(response.statusCode ?? 0));
    attempt.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    attempt.on('error', reject);
    attempt.end();
  });
}

// To start the program takes seconds, on a busy machine many.
describe('a server that runs', { timeout: 120_000 }, () => {
  let child: ChildServer;
  let url: string;
  beforeAll(async () => {
    child = startChild({ PARLEY_DATA_DIR: join(dir, 'data') });
    url = await child.ready;
  }, 120_000);
  afterAll(async () => {
    child.process.kill('SIGKILL');
    await child.ended;
  });

  it('prints one line with its address, and answers there', async () => {
    expect(child.out()).toBe(`Parley is ready at ${url}\n`);
    expect(new URL(url).port).not.toBe('0');
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect((await signIn(url)).user.displayName).toBe('Ada Lovelace');
    expect(statSync(join(dir, 'data')).mode & 0o077).toBe(0);
  });

  it('opens the socket to its own origins and native apps alone', async () => {
    const { port } = new URL(url);
    expect(await upgrade(url, '/api/realtime')).toBe(101);
    expect(await upgrade(url, '/api/realtime', `http://localhost:${port}`)).toBe(101);
    expect(await upgrade(url, '/api/realtime', `http://127.0.0.1:${port}`)).toBe(101);
    expect(await upgrade(url, '/api/realtime', 'https://evil.example.test')).toBe(403);
    expect(await upgrade(url, '/api/elsewhere')).toBe(404);
  });

  it('refuses a body over 64 KiB also when it does not say its length', async () => {
    const chunk = new TextEncoder().encode('a'.repeat(8192));
    const answer = await fetch(`${url}/api/auth/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new ReadableStream({
        start(controller) {
          for (let i = 0; i < 20; i += 1) controller.enqueue(chunk);
          controller.close();
        },
      }),
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBe(413);
  });

  it('answers a frame that is too large, says goodbye to its sockets, and stops with status 0 on a signal that comes twice', async () => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/realtime`);
    const messages: { t: string; problem?: { code: string } }[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    await new Promise((resolve) => socket.on('open', resolve));
    socket.send('x'.repeat(MAX_FRAME_BYTES + 1));
    await expect.poll(() => messages.map(({ problem }) => problem?.code)).toEqual(['frame_too_large']);
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    child.process.kill('SIGINT');
    child.process.kill('SIGINT');
    expect(await closed).toBe(CLOSE.goingAway);
    expect(await child.ended).toEqual({ code: 0, signal: null });
    expect(child.out()).toBe(`Parley is ready at ${url}\n`);
  });
});

describe('a server that is killed', { timeout: 120_000 }, () => {
  it('gives its folder back when it is killed, and has lost nothing', async () => {
    const child = start();
    const { accessToken, refreshToken } = await signIn(await child.ready);
    child.process.kill('SIGKILL');
    await child.ended;
    const url = await start().ready;
    const me = await fetch(`${url}/api/me`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(me.status).toBe(200);
    const refreshed = await fetch(`${url}/api/auth/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refreshToken }),
    });
    expect(refreshed.status).toBe(200);
  });

  it('begins anew where the very first start was cut short', async () => {
    const cut = join(dir, 'cut');
    const child = start({ PARLEY_DATA_DIR: cut });
    await expect
      .poll(() => statSync(join(cut, 'postgres.unfinished'), { throwIfNoEntry: false }), { timeout: 30_000 })
      .toBeTruthy();
    child.process.kill('SIGKILL');
    await child.ended;
    const url = await start({ PARLEY_DATA_DIR: cut }).ready;
    expect((await signIn(url)).user.displayName).toBe('Ada Lovelace');
  });
});

describe('ends the start with one sentence', { timeout: 120_000 }, () => {
  it('a second server on the same folder', async () => {
    mkdirSync(join(dir, 'data'), { recursive: true });
    const release = await lockDataDir(join(dir, 'data'));
    expect(await refusal(start())).toContain('Another Parley server is running on the data folder');
    release();
  });

  it('a port in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    expect(await refusal(start({ PORT: String(port) }))).toContain(`Port ${port} is in use`);
    other.close();
  });

  it('a folder that cannot be made', async () => {
    writeFileSync(join(dir, 'file'), '');
    const place = join(dir, 'file', 'data');
    expect(await refusal(start({ PARLEY_DATA_DIR: place }))).toContain(`The data folder ${place}`);
  });

  it('a variable that makes no sense', async () => {
    expect(await refusal(start({ PORT: 'abc' }))).toBe('PORT must be a whole number from 0 to 65535.\n');
  });

  it('a host that is not this machine’s', async () => {
    expect(await refusal(start({ HOST: '192.0.2.1' }))).toContain('HOST is 192.0.2.1');
  });

  it('a database that nobody answers for', async () => {
    const sentence = await refusal(start({ DATABASE_URL: 'postgres://postgres@127.0.0.1:1/parley' }));
    expect(sentence).toContain('The database at 127.0.0.1:1/parley (DATABASE_URL) cannot be reached');
  });
});

describe('--check-config', { timeout: 120_000 }, () => {
  it('says nothing of an environment that makes sense, and starts nothing', async () => {
    const child = start({ PORT: '3000' }, ['--check-config']);
    expect(await child.ended).toEqual({ code: 0, signal: null });
    expect(child.out() + child.err()).toBe('');
  });

  it('says what is wrong', async () => {
    expect(await refusal(start({ PARLEY_LEASE_MS: 'soon' }, ['--check-config']))).toContain('PARLEY_LEASE_MS');
  });
});

onPostgres('on a Postgres of its own', () => {
  it('starts on an empty database, without a demo, and again on what it has made', { timeout: 120_000 }, async () => {
    const { url: databaseUrl, drop } = await createDatabase();
    try {
      for (const displayName of ['First', 'Second']) {
        const child = start({ DATABASE_URL: databaseUrl });
        const url = await child.ready;
        expect(await (await fetch(`${url}/api/config`)).json()).toMatchObject({ demo: false, people: [] });
        const signUp = await fetch(`${url}/api/auth/sign-up`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email: `${displayName}@example.test`, password: 'correct horse', displayName }),
        });
        expect(signUp.status).toBe(201);
        child.process.kill('SIGTERM');
        expect((await child.ended).code).toBe(0);
      }
    } finally {
      await drop();
    }
  });
});
