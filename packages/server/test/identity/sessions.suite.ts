import { CLOSE, type Session, type SessionInfo } from '@parley/protocol';
import { expect, it } from 'vitest';
import { openSocket } from '../support/edge-socket.ts';
import { type EdgeStage, refusal } from '../support/edge-stage.ts';

const PASSWORD = 'correct horse';

export function sessionSuite(stage: () => EdgeStage): void {
  const me = (token: string) => stage().get('/api/me', token);
  const refresh = (refreshToken: string) => stage().post<Session>('/api/auth/refresh', { refreshToken });
  const signIn = async (email: string) =>
    (
      await stage().ask<Session>('POST', '/api/auth/sign-in', {
        body: { email, password: PASSWORD },
        headers: { 'user-agent': 'Another browser' },
      })
    ).body;
  const signedOut = { code: CLOSE.unauthenticated, reason: 'signed_out' };

  it('signing out closes the sockets of that session, and of no other', async () => {
    const first = await stage().signUp('Ada');
    const second = await signIn(first.email);
    const gone = await openSocket(stage(), first.accessToken);
    const stays = await openSocket(stage(), second.accessToken);
    await stage().post('/api/auth/sign-out', {}, first.accessToken);
    expect(await gone.whenClosed()).toEqual(signedOut);
    expect(stays.closed).toBeNull();
    expect((await me(second.accessToken)).status).toBe(200);
  });

  it('signing out everywhere ends every session and every socket', async () => {
    const first = await stage().signUp('Ada');
    const second = await signIn(first.email);
    const stranger = await stage().signUp('Grace');
    const sockets = [await openSocket(stage(), first.accessToken), await openSocket(stage(), second.accessToken)];
    const other = await openSocket(stage(), stranger.accessToken);
    const { status } = await stage().post('/api/auth/sign-out', { everywhere: true }, second.accessToken);
    expect(status).toBe(204);
    for (const socket of sockets) expect(await socket.whenClosed()).toEqual(signedOut);
    for (const session of [first, second]) {
      expect(refusal(await me(session.accessToken))).toEqual([401, 'token_invalid']);
      expect(refusal(await refresh(session.refreshToken))).toEqual([401, 'refresh_invalid']);
    }
    expect(other.closed).toBeNull();
    // A token of an ended session ends no others.
    const third = await signIn(first.email);
    const again = await stage().post('/api/auth/sign-out', { everywhere: true }, second.accessToken);
    expect(refusal(again)).toEqual([401, 'token_invalid']);
    expect((await me(third.accessToken)).status).toBe(200);
  });

  it('lists the sessions of oneself, and ends one of them', async () => {
    const first = await stage().signUp('Ada');
    const second = await signIn(first.email);
    const stranger = await stage().signUp('Grace');
    const list = async (token: string) =>
      (await stage().get<{ items: SessionInfo[] }>('/api/auth/sessions', token)).body.items;
    const items = await list(first.accessToken);
    expect(items.map(({ userAgent, isCurrent }) => [userAgent, isCurrent])).toEqual([
      ['Another browser', false],
      [null, true],
    ]);
    const id = items.find(({ isCurrent }) => !isCurrent)?.id ?? '';
    const socket = await openSocket(stage(), second.accessToken);
    const end = (token: string) => stage().ask('DELETE', `/api/auth/sessions/${id}`, { token });
    expect(refusal(await end(stranger.accessToken))).toEqual([404, 'not_found']);
    expect((await me(second.accessToken)).status).toBe(200);
    expect((await end(first.accessToken)).status).toBe(204);
    expect(await socket.whenClosed()).toEqual(signedOut);
    expect(refusal(await me(second.accessToken))).toEqual([401, 'token_invalid']);
    expect(await list(first.accessToken)).toHaveLength(1);
    expect(refusal(await end(first.accessToken))).toEqual([404, 'not_found']);
  });

  it('closes the sockets of a session that ended elsewhere: on another node, or by hand', async () => {
    const { accessToken, user } = await stage().signUp('Ada');
    const socket = await openSocket(stage(), accessToken);
    await stage().db.once('delete from identity.session where "userId" = $1', [user.id]);
    expect((await socket.whenClosed()).code).toBe(CLOSE.unauthenticated);
    stage().clock.turn(2_001);
    expect(refusal(await me(accessToken))).toEqual([401, 'token_invalid']);
  });

  it('ends what somebody does who is blocked, and lets them back in afterwards', async () => {
    const { accessToken, refreshToken, email, user } = await stage().signUp('Ada');
    const socket = await openSocket(stage(), accessToken);
    await stage().db.once("update auth.users set banned_until = 'infinity' where id = $1", [user.id]);
    expect((await socket.whenClosed()).code).toBe(CLOSE.unauthenticated);
    stage().clock.turn(2_001);
    expect(refusal(await me(accessToken))).toEqual([401, 'token_invalid']);
    expect(refusal(await refresh(refreshToken))).toEqual([401, 'refresh_invalid']);
    const attempt = await stage().post('/api/auth/sign-in', { email, password: PASSWORD });
    expect(refusal(attempt)).toEqual([403, 'forbidden']);
    await stage().db.once("update auth.users set banned_until = now() - interval '1 hour' where id = $1", [user.id]);
    const back = await signIn(email);
    expect(back).toMatchObject({ user });
    expect(await me(back.accessToken)).toMatchObject({ status: 200, body: user });
  });

  it('ends the session and its sockets when a refresh token comes back after its grace', async () => {
    const first = await stage().signUp('Ada');
    const other = await signIn(first.email);
    const second = (await refresh(first.refreshToken)).body;
    const socket = await openSocket(stage(), second.accessToken);
    const untouched = await openSocket(stage(), other.accessToken);
    stage().clock.turn(10_001);
    expect(refusal(await refresh(first.refreshToken))).toEqual([401, 'refresh_invalid']);
    expect(await socket.whenClosed()).toEqual(signedOut);
    expect(refusal(await me(second.accessToken))).toEqual([401, 'token_invalid']);
    expect(untouched.closed).toBeNull();
  });
}
