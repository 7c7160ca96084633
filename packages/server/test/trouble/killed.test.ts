import { randomInt, randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call, CallEventRecord, Channel, Message, Session } from '@parley/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { type ChildServer, startChild } from '../support/child-server.ts';

const ROUNDS = Number(process.env.PARLEY_KILLS ?? 3);

const dir = mkdtempSync(join(tmpdir(), 'parley-killed-'));
const children = new Set<ChildServer>();
afterAll(async () => {
  for (const child of children) {
    child.process.kill('SIGKILL');
    await child.ended;
  }
  rmSync(dir, { recursive: true, force: true });
});

/** What the server has said it did. */
interface Ledger {
  readonly messages: { channelId: string; id: string; content: string }[];
  readonly calls: Map<string, number>;
}

const start = (folder: string): ChildServer => {
  const child = startChild({ PARLEY_DATA_DIR: folder, PARLEY_RATE_LIMITS: 'off' });
  children.add(child);
  return child;
};

async function ask<T>(url: string, method: string, path: string, who?: Session, body?: unknown): Promise<T> {
  const deviceId = who?.user.id.replace(/^......../, 'd0000000') ?? randomUUID();
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(who === undefined ? {} : { authorization: `Bearer ${who.accessToken}` }),
      'idempotency-key': randomUUID(),
      'x-device-id': deviceId,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} gave ${response.status}: ${text}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}

const signIn = (url: string, name: string) =>
  ask<Session>(url, 'POST', '/api/auth/sign-in', undefined, {
    email: `${name}@acme.test`,
    password: 'parley-demo',
  });

/** Calls and chats until the server is gone; only what was answered goes into the ledger. */
async function use(url: string, names: readonly [string, string], ledger: Ledger, onAnswer: () => void): Promise<void> {
  const [one, two] = [await signIn(url, names[0]), await signIn(url, names[1])];
  const [team] = (await ask<{ items: { id: string }[] }>(url, 'GET', '/api/teams', one)).items;
  const channels = await ask<{ items: Channel[] }>(url, 'GET', `/api/teams/${team?.id}/channels`, one);
  const channelId = channels.items[0]?.id ?? '';
  const order = async (call: Call, name: string, who: Session): Promise<void> => {
    // A ring from before the last kill may have run out meanwhile.
    const after = await ask<Call>(url, 'POST', `/api/calls/${call.id}/${name}`, who, {}).catch((error: unknown) => {
      if (!/ gave 409:/.test(String(error))) throw error;
    });
    if (after) note(after);
  };
  const note = (call: Call) => {
    ledger.calls.set(call.id, call.version);
    onAnswer();
  };
  for (;;) {
    const call = await ask<Call>(url, 'POST', '/api/calls', one, {
      teamId: team?.id,
      channelId: null,
      callType: 'audio',
      recipientIds: [two.user.id],
    });
    note(call);
    if (call.status === 'ringing') await order(call, 'accept', two);
    const content = `said ${randomUUID()}`;
    const message = await ask<Message>(url, 'POST', `/api/channels/${channelId}/messages`, two, { content });
    ledger.messages.push({ channelId, id: message.id, content });
    onAnswer();
    await order(call, 'leave', one);
  }
}

async function expectAll(url: string, ledger: Ledger, names: readonly (readonly [string, string])[]): Promise<void> {
  const people: Session[] = [];
  for (const pair of names) people.push(await signIn(url, pair[0]));
  const versions = new Map<string, { items: CallEventRecord[] }>();
  for (const id of ledger.calls.keys()) {
    for (const person of people) {
      const events = await ask<{ items: CallEventRecord[] }>(url, 'GET', `/api/calls/${id}/events`, person).catch(
        () => null,
      );
      if (events !== null) versions.set(id, events);
    }
  }
  for (const [id, version] of ledger.calls) {
    const seqs = versions.get(id)?.items.map(({ seq }) => seq) ?? [];
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(seqs.length).toBeGreaterThanOrEqual(version);
  }
  const [reader] = people;
  const said = new Set<string>();
  for (const channelId of new Set(ledger.messages.map((message) => message.channelId))) {
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `?cursor=${encodeURIComponent(cursor)}`;
      const page: { items: Message[]; nextCursor: string | null } = await ask(
        url,
        'GET',
        `/api/channels/${channelId}/messages${query}`,
        reader,
      );
      for (const { content } of page.items) if (content !== null) said.add(content);
      cursor = page.nextCursor;
    }
  }
  expect(ledger.messages.filter(({ content }) => !said.has(content))).toEqual([]);
}

describe('the embedded database', { timeout: 600_000 }, () => {
  const names = [
    ['ada', 'grace'],
    ['ken', 'dennis'],
  ] as const;

  it(`killed ${ROUNDS} times at any point under load opens again with everything that was acknowledged; so does a copy of it`, async () => {
    const folder = join(dir, 'data');
    const ledger: Ledger = { messages: [], calls: new Map() };
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = start(folder);
      const url = await child.ready;
      let left = randomInt(1, 40);
      const delayMs = randomInt(0, 8);
      console.info(`Round ${round + 1}: killed ${delayMs} ms after ${left} answers`);
      const kill = () => {
        left -= 1;
        // Somewhere within the transactions that follow the answer.
        if (left === 0) setTimeout(() => child.process.kill('SIGKILL'), delayMs);
      };
      const users = names.map((pair) => use(url, pair, ledger, kill).catch((error: unknown) => String(error)));
      // What ends them is that nobody answers any more.
      for (const ending of await Promise.all(users)) expect(ending).toMatch(/fetch failed|terminated|socket/);
      expect((await child.ended).signal).toBe('SIGKILL');
      children.delete(child);
    }
    expect(ledger.calls.size).toBeGreaterThan(0);
    const last = start(folder);
    await expectAll(await last.ready, ledger, names);
    last.process.kill('SIGTERM');
    expect((await last.ended).code).toBe(0);

    // The backup that the operations guide describes: the server is stopped, the folder copied.
    const copy = join(dir, 'copy');
    cpSync(folder, copy, { recursive: true });
    const restored = start(copy);
    await expectAll(await restored.ready, ledger, names);
  });
});
