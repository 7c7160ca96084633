import { problem } from '@parley/protocol';
import { ADA, FakeLockManager, GRACE, ManualClock, MemoryStore } from '@parley/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { Http } from '../src/api/http.ts';
import { AuthSession } from '../src/session/auth-session.ts';
import { ServerTime } from '../src/time/server-time.ts';

let clock: ManualClock;
let storage: MemoryStore;
let locks: FakeLockManager;
let asked: { readonly path: string; readonly body: unknown }[];
/** The refresh token that the server would take, and how often it has rotated. */
let valid: string;
let rotations: number;
let reachable: boolean;
/** What the server waits for before it answers. */
let answering: Promise<void>;

const HOUR = 3_600_000;

beforeEach(() => {
  clock = new ManualClock();
  storage = new MemoryStore();
  locks = new FakeLockManager(clock);
  asked = [];
  valid = 'refresh-0';
  rotations = 0;
  reachable = true;
  answering = Promise.resolve();
});

const session = (n: number) => ({
  accessToken: `access-${n}`,
  refreshToken: `refresh-${n}`,
  expiresAt: new Date(clock.now() + HOUR).toISOString(),
  user: ADA,
});

function answer(path: string, body: { refreshToken?: string }): Response {
  if (path.endsWith('/refresh')) {
    if (body.refreshToken !== valid) return Response.json(problem('refresh_invalid'), { status: 401 });
    rotations += 1;
    valid = `refresh-${rotations}`;
    return Response.json(session(rotations));
  }
  if (path.endsWith('/sign-out')) return new Response(null, { status: 204 });
  return Response.json(session(0));
}

function tab(storage_ = storage): AuthSession {
  const http = new Http(
    'https://parley.test',
    async (url, init) => {
      if (!reachable) throw new TypeError('failed to fetch');
      const path = new URL(url).pathname;
      const body = init?.body === undefined ? {} : JSON.parse(String(init.body));
      asked.push({ path, body });
      await answering;
      return answer(path, body);
    },
    clock,
  );
  const [serverTime, ours] = [new ServerTime(clock), locks.tab().locks];
  return new AuthSession({ http, storage: storage_, locks: ours, clock, serverTime });
}

const refreshes = () => asked.filter(({ path }) => path.endsWith('/refresh')).length;

async function signedIn(): Promise<AuthSession> {
  const auth = tab();
  await auth.load();
  await auth.signIn({ email: 'ada@acme.test', password: 'parley-demo' });
  return auth;
}

it('is loading until the storage was read, then signed out', async () => {
  const auth = tab();
  expect(auth.state).toBe('loading');
  await auth.load();
  expect(auth.state).toBe('signed_out');
  expect(await auth.accessToken()).toBeNull();
});

it('is kept over a restart', async () => {
  await signedIn();
  const again = tab();
  await again.load();
  expect(again.state).toBe('signed_in');
  expect(again.user).toEqual(ADA);
});

it('does not trust what it cannot read', async () => {
  await storage.set('parley.session', '{"accessToken":1}');
  const auth = tab();
  await auth.load();
  expect(auth.state).toBe('signed_out');
});

describe('renewal', () => {
  it('happens ahead of the expiry, once for all who ask', async () => {
    const auth = await signedIn();
    await clock.advance(HOUR - 30_000);
    const tokens = await Promise.all([auth.accessToken(), auth.accessToken(), auth.renew('access-0')]);
    expect(tokens).toEqual(['access-1', 'access-1', 'access-1']);
    expect(refreshes()).toBe(1);
  });

  it('happens once for all tabs: the second takes what the first has stored', async () => {
    const one = await signedIn();
    const two = tab();
    await two.load();
    await clock.advance(HOUR - 30_000);
    expect(await Promise.all([one.accessToken(), two.accessToken()])).toEqual(['access-1', 'access-1']);
    expect(refreshes()).toBe(1);
    expect(two.state).toBe('signed_in');
  });

  it('does not happen again for a token that was replaced meanwhile', async () => {
    const auth = await signedIn();
    await auth.renew('access-0');
    expect(await auth.renew('access-0')).toBe('access-1');
    expect(refreshes()).toBe(1);
  });

  it('uses the old token while the server cannot be reached and the token is still good', async () => {
    const auth = await signedIn();
    await clock.advance(HOUR - 30_000);
    reachable = false;
    expect(await auth.accessToken()).toBe('access-0');
    await clock.advance(31_000);
    await expect(auth.accessToken()).rejects.toMatchObject({ code: 'network' });
    expect(auth.state).toBe('signed_in');
  });

  it('that is refused ends the session', async () => {
    const auth = await signedIn();
    valid = 'another one';
    expect(await auth.renew('access-0')).toBeNull();
    expect(auth.state).toBe('signed_out');
    expect(storage.values.has('parley.session')).toBe(false);
  });

  it('finds that another tab has signed out', async () => {
    const one = await signedIn();
    const two = tab();
    await two.load();
    await one.signOut();
    expect(await two.renew('access-0')).toBeNull();
    expect(two.state).toBe('signed_out');
    expect(refreshes()).toBe(0);
  });
});

describe('what another tab does', () => {
  const twoTabs = async () => {
    const one = await signedIn();
    const two = tab(storage.tab());
    await two.load();
    return { one, two };
  };

  it('signing out ends all of them at once, though the server cannot be reached', async () => {
    const { one, two } = await twoTabs();
    const states: string[] = [];
    two.onChange(() => states.push(two.state));
    reachable = false;
    await one.signOut();
    await clock.until(() => two.state === 'signed_out', 'the end of the second');
    expect(states).toEqual(['signed_out']);
  });

  it('signing out while this one renews its tokens leaves nobody signed in', async () => {
    const { one, two } = await twoTabs();
    await clock.advance(HOUR - 30_000);
    const renewing = two.accessToken();
    await one.signOut();
    expect(await renewing).toBeNull();
    expect([one.state, two.state, storage.values.has('parley.session')]).toEqual(['signed_out', 'signed_out', false]);
  });

  it('giving the person another name while this one renews its tokens loses none', async () => {
    const { two } = await twoTabs();
    await clock.advance(HOUR - 30_000);
    const { promise, resolve } = Promise.withResolvers<void>();
    answering = promise;
    const renewing = two.accessToken();
    await clock.until(() => refreshes() === 1, 'the request');
    const kept = JSON.parse(storage.values.get('parley.session') ?? '');
    await storage.set('parley.session', JSON.stringify({ ...kept, user: { ...ADA, displayName: 'Ada L.' } }));
    await clock.until(() => two.user?.displayName === 'Ada L.', 'the name');
    resolve();
    expect(await renewing).toBe('access-1');
    expect(JSON.parse(storage.values.get('parley.session') ?? '')).toMatchObject({ refreshToken: 'refresh-1' });
  });

  it('signing in signs in all, and new tokens are those of all', async () => {
    const [one, two] = [tab(), tab(storage.tab())];
    await Promise.all([one.load(), two.load()]);
    await one.signIn({ email: 'ada@acme.test', password: 'parley-demo' });
    await clock.until(() => two.user?.id === ADA.id, 'the second tab');
    await clock.advance(HOUR - 30_000);
    expect(await one.accessToken()).toBe('access-1');
    await clock.advance(0);
    expect([await two.accessToken(), refreshes()]).toEqual(['access-1', 1]);
  });

  it('is not heard any more after the end', async () => {
    const { one, two } = await twoTabs();
    two.dispose();
    await one.signOut();
    await clock.advance(0);
    expect(two.state).toBe('signed_in');
  });
});

it('does not lend the token of whoever signed in in another tab', async () => {
  const one = await signedIn();
  await storage.set('parley.session', JSON.stringify({ ...session(7), user: GRACE }));
  expect(await one.renew('access-0')).toBeNull();
  expect(one.user).toEqual(GRACE);
});

it('signs out by the refresh token, which is good for longer than the access token', async () => {
  const auth = await signedIn();
  await auth.signOut();
  expect(asked.at(-1)).toEqual({ path: '/api/auth/sign-out', body: { refreshToken: 'refresh-0' } });
});

it('signs out here though the server cannot be reached', async () => {
  const auth = await signedIn();
  reachable = false;
  await auth.signOut();
  expect(auth.state).toBe('signed_out');
});

it('tells a wrong password by its code', async () => {
  const http = new Http('', async () => Response.json(problem('credentials_invalid'), { status: 401 }), clock);
  const auth = new AuthSession({ http, storage, locks: locks.tab().locks, clock, serverTime: new ServerTime(clock) });
  await expect(auth.signIn({ email: 'a@b.c', password: 'x' })).rejects.toMatchObject({
    code: 'credentials_invalid',
    category: 'user',
  });
});
