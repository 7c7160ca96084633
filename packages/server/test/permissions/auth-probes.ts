import { randomUUID } from 'node:crypto';
import type { Session } from '@parley/protocol';
import type { EdgeStage } from '../support/edge-stage.ts';
import type { PersonKind } from '../support/permission-tables.ts';
import type { World } from '../support/permission-world.ts';
import type { Probe } from './route-probes.ts';

/** Lines that are asked of a server with accounts of its own. */
export const AUTH_LINES: ReadonlySet<string> = new Set([
  'sign-up',
  'sign-in',
  'refresh',
  'sign-out',
  'sessions',
  'session-end',
  'session-end-others',
  'password',
  'password-guess',
  'account-delete',
  'account-delete-guess',
]);

type Account = Session & { readonly email: string };
const PASSWORD = 'a password of this test';

export async function authProbes(w: World, server: EdgeStage): Promise<ReadonlyMap<string, Probe>> {
  const sessionsOf = async (token: string) =>
    (await server.get<{ items: { id: string }[] }>('/api/auth/sessions', token)).body.items;
  const account = (name: string): Promise<Account> => server.signUp(name, PASSWORD);
  const somebody = await account('Somebody');
  const lasting = new Map<PersonKind, Account>();
  const hasAccount = (kind: PersonKind) => !['guest', 'anonymous', 'service'].includes(kind);

  async function accountOf(kind: PersonKind, fresh: boolean): Promise<Account | null> {
    if (!hasAccount(kind)) return null;
    if (fresh) return account(kind);
    const known = lasting.get(kind) ?? (await account(kind));
    lasting.set(kind, known);
    return known;
  }
  const tokenOf = (kind: PersonKind, own: Account | null): string | undefined => {
    if (own !== null) return own.accessToken;
    if (kind === 'guest') return w.hello(w.people.guest).token;
    return kind === 'service' ? w.hello('service').token : undefined;
  };
  /** `fresh`: it ends the session, so that each case has one of its own. */
  const probe =
    (
      method: string,
      path: (own: Account | null) => string | Promise<string>,
      body?: () => unknown,
      fresh = false,
    ): Probe =>
    async (_, kind) => {
      const own = await accountOf(kind, fresh);
      const token = tokenOf(kind, own);
      const answer = await server.ask(method, await path(own), {
        ...(token === undefined ? {} : { token }),
        ...(body === undefined ? {} : { body: body() }),
      });
      return String(answer.status);
    };
  const session = async (of: Account | null) =>
    `/api/auth/sessions/${of === null ? randomUUID() : (await sessionsOf(of.accessToken))[0]?.id}`;
  const newAccount = () => ({ email: `${randomUUID()}@example.test`, password: PASSWORD, displayName: 'New' });
  const credentials = () => ({ email: somebody.email, password: PASSWORD });

  return new Map<string, Probe>([
    ['sign-up', probe('POST', () => '/api/auth/sign-up', newAccount)],
    ['sign-in', probe('POST', () => '/api/auth/sign-in', credentials)],
    [
      'refresh',
      probe(
        'POST',
        () => '/api/auth/refresh',
        () => ({ refreshToken: somebody.refreshToken }),
      ),
    ],
    [
      'sign-out',
      probe(
        'POST',
        () => '/api/auth/sign-out',
        () => ({}),
        true,
      ),
    ],
    ['sessions', probe('GET', () => '/api/auth/sessions')],
    ['session-end', probe('DELETE', session, undefined, true)],
    ['session-end-others', probe('DELETE', () => session(somebody))],
    [
      'password',
      probe(
        'POST',
        () => '/api/auth/password',
        () => ({ currentPassword: PASSWORD, newPassword: 'another one of this test' }),
        true,
      ),
    ],
    [
      'password-guess',
      probe(
        'POST',
        () => '/api/auth/password',
        () => ({ currentPassword: 'not it, but long', newPassword: 'another one of this test' }),
      ),
    ],
    [
      'account-delete',
      probe(
        'DELETE',
        () => '/api/me',
        () => ({ password: PASSWORD }),
        true,
      ),
    ],
    [
      'account-delete-guess',
      probe(
        'DELETE',
        () => '/api/me',
        () => ({ password: 'not it, but long' }),
      ),
    ],
  ]);
}
