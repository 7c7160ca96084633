import { FOR_GOOD, type Member, type Message, problem, type User } from '@parley/protocol';
import { ADA, GRACE, iso, TEAM, uuidOf } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientBench } from './client-bench.ts';

const CHANNEL = { id: uuidOf(0x99), teamId: TEAM.id, name: 'general', kind: 'channel', memberIds: [] } as const;
let bench: ClientBench;
/** Newest first, as the server has them. */
let stored: Message[];
let posts: { readonly key: string | null; readonly content: unknown }[];
let refuse: boolean;

const member = (user: User, more: Partial<Member> = {}): Member => ({
  ...user,
  picture: null,
  doNotDisturbUntil: null,
  ...more,
});
const message = (n: number, author = GRACE): Message => ({
  id: uuidOf(0x7000 + n),
  channelId: CHANNEL.id,
  author,
  type: 'text',
  call: null,
  content: `message ${n}`,
  createdAt: iso(n * 1_000),
});

beforeEach(() => {
  bench = new ClientBench();
  stored = [message(2), message(1)];
  posts = [];
  refuse = false;
  bench.answer = (method, path, body) => {
    const url = new URL(path, 'https://parley.test');
    if (url.pathname === `/api/teams/${TEAM.id}/members`) {
      const second = url.searchParams.get('cursor') === 'more';
      return Response.json(
        second ? { items: [member(GRACE)], nextCursor: null } : { items: [member(ADA)], nextCursor: 'more' },
      );
    }
    if (url.pathname === `/api/teams/${TEAM.id}/channels`) return Response.json({ items: [CHANNEL], nextCursor: null });
    if (url.pathname !== `/api/channels/${CHANNEL.id}/messages`) return undefined;
    if (method === 'GET') {
      const older = url.searchParams.get('cursor') === 'older';
      return Response.json(older ? { items: [message(0)], nextCursor: null } : { items: stored, nextCursor: 'older' });
    }
    const key = bench.requests.at(-1)?.headers.get('idempotency-key') ?? null;
    posts.push({ key, content: body.content });
    if (refuse) return Response.json(problem('database_unavailable'), { status: 503 });
    // The server takes the key over as the message's id.
    const sent = { ...message(3, ADA), id: key ?? '', content: String(body.content) };
    stored = [sent, ...stored];
    return Response.json(sent, { status: 201 });
  };
});
afterEach(() => bench.client.dispose());

const list = () => bench.client.chat.snapshot().messages.get(CHANNEL.id);
const contents = () => list()?.items.map(({ content, state }) => `${content} ${state}`);
const open = async () => {
  await bench.signIn();
  const close = bench.client.chat.openChannel(CHANNEL.id);
  await bench.clock.advance(0);
  return close;
};

it('reads teams, all pages of members, and channels once it is online, and listens to the team', async () => {
  expect(bench.client.chat.snapshot().teams).toBeNull();
  await bench.signIn();
  const { teams, members, channels } = bench.client.chat.snapshot();
  expect(teams).toMatchObject([{ id: TEAM.id }]);
  expect(members.get(TEAM.id)).toEqual([member(ADA), member(GRACE)]);
  expect(channels.get(TEAM.id)).toEqual([CHANNEL]);
  expect(bench.sent('subscribe')).toContainEqual({ t: 'subscribe', topic: `team:${TEAM.id}` });
});

it('knows of a new name, picture and do-not-disturb of somebody without reading the team again', async () => {
  await bench.signIn();
  const asked = bench.requests.length;
  const grace = member(GRACE, { displayName: 'Rear Admiral', picture: 'a'.repeat(64), doNotDisturbUntil: FOR_GOOD });
  await bench.say({ t: 'person', teamId: TEAM.id, person: grace });
  await bench.say({ t: 'person', teamId: TEAM.id, person: member({ id: uuidOf(0x99), displayName: 'Nobody' }) });
  expect(bench.client.chat.snapshot().members.get(TEAM.id)).toEqual([member(ADA), grace]);
  expect(bench.requests.length).toBe(asked);
});

it('P30 knows who is there', async () => {
  await bench.signIn();
  const presence = (kind: 'sync' | 'join' | 'leave', state: 'online' | 'in_call') =>
    bench.say({ t: 'presence', teamId: TEAM.id, kind, people: [{ userId: GRACE.id, state }] });
  await presence('sync', 'online');
  expect(bench.snapshot.presence.get(GRACE.id)).toBe('online');
  await presence('join', 'in_call');
  expect(bench.snapshot.presence.get(GRACE.id)).toBe('in_call');
  await presence('leave', 'online');
  expect(bench.snapshot.presence.has(GRACE.id)).toBe(false);
});

describe('messages', () => {
  it('stand in their order, and older ones can be had', async () => {
    await open();
    expect(contents()).toEqual(['message 1 sent', 'message 2 sent']);
    expect(list()?.hasOlder).toBe(true);
    await bench.client.chat.loadOlder(CHANNEL.id);
    expect(contents()?.[0]).toBe('message 0 sent');
    expect(list()?.hasOlder).toBe(false);
  });

  it('come over the socket once, whatever else brings them', async () => {
    await open();
    await bench.say({ t: 'message', message: message(5) });
    await bench.say({ t: 'message', message: message(5) });
    await bench.say({ t: 'message', message: message(4) });
    expect(contents()?.slice(-2)).toEqual(['message 4 sent', 'message 5 sent']);
  });

  it('are there at once when they are sent, and once when they have arrived', async () => {
    await open();
    const sending = bench.client.chat.send(CHANNEL.id, '  hello  ');
    expect(contents()?.at(-1)).toBe('hello sending');
    await sending;
    await bench.say({ t: 'message', message: stored[0] ?? message(3) });
    expect(contents()?.filter((content) => content.startsWith('hello'))).toEqual(['hello sent']);
  });

  it('are there once though the socket is faster than the answer', async () => {
    await open();
    const sending = bench.client.chat.send(CHANNEL.id, 'hello');
    const id = list()?.items.at(-1)?.id ?? '';
    bench.socket.say({ t: 'message', message: { ...message(3, ADA), id, content: 'hello' } });
    expect(contents()?.filter((content) => content.startsWith('hello'))).toEqual(['hello sent']);
    await sending;
    expect(contents()?.filter((content) => content.startsWith('hello'))).toEqual(['hello sent']);
  });

  it('with the same words are told apart: that of another device settles none of this one’s', async () => {
    await open();
    const sending = [bench.client.chat.send(CHANNEL.id, 'ok'), bench.client.chat.send(CHANNEL.id, 'ok')];
    const ids =
      list()
        ?.items.slice(-2)
        .map(({ id }) => id) ?? [];
    bench.socket.say({ t: 'message', message: { ...message(4, ADA), content: 'ok' } });
    expect(contents()?.slice(-3)).toEqual(['ok sent', 'ok sending', 'ok sending']);
    // The second has arrived first.
    bench.socket.say({ t: 'message', message: { ...message(5, ADA), id: ids[1] ?? '', content: 'ok' } });
    expect(list()?.items.at(-1)).toMatchObject({ id: ids[0], state: 'sending' });
    await Promise.all(sending);
    expect(contents()?.filter((content) => content.startsWith('ok'))).toEqual(['ok sent', 'ok sent', 'ok sent']);
  });

  it('that have arrived are sent, though the answer was lost', async () => {
    await open();
    refuse = true;
    const sending = bench.client.chat.send(CHANNEL.id, 'hello');
    const id = list()?.items.at(-1)?.id ?? '';
    bench.socket.say({ t: 'message', message: { ...message(3, ADA), id, content: 'hello' } });
    await sending;
    expect(contents()?.filter((content) => content.startsWith('hello'))).toEqual(['hello sent']);
  });

  it('say that they could not be sent, and are sent again under the same key', async () => {
    await open();
    refuse = true;
    await bench.client.chat.send(CHANNEL.id, 'hello');
    const failed = list()?.items.at(-1);
    expect(failed?.state).toBe('failed');
    refuse = false;
    await bench.client.chat.resend(CHANNEL.id, failed?.id ?? '');
    expect(contents()?.at(-1)).toBe('hello sent');
    expect(posts[1]?.key).toBe(posts[0]?.key);
  });

  it('that were missed while the socket was down are read when it is up again', async () => {
    await open();
    bench.socket.break();
    stored = [message(6), ...stored];
    await bench.letIn(2);
    await bench.clock.until(() => contents()?.at(-1) === 'message 6 sent', 'the missed message');
    expect(bench.sent('subscribe').filter(({ topic }) => topic === `channel:${CHANNEL.id}`)).toHaveLength(2);
  });

  it('are not listened to any more when the channel was closed', async () => {
    const close = await open();
    close();
    close();
    expect(bench.sent('unsubscribe')).toEqual([{ t: 'unsubscribe', topic: `channel:${CHANNEL.id}` }]);
  });
});

it('shows nothing of the person before', async () => {
  await open();
  const leaving = bench.client.signOut();
  await bench.clock.advance(2_000);
  await leaving;
  expect(bench.client.chat.snapshot()).toMatchObject({ teams: null });
  expect(list()).toBeUndefined();
});
