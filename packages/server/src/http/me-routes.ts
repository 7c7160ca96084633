import { ChangeSettings, DeleteAccount, MAX_PICTURE_BYTES, PICTURE_TYPES } from '@parley/protocol';
import { Hono } from 'hono';
import { EdgeError } from '../ports/edge-error.ts';
import { findPerson } from '../store/people.ts';
import { claimsOf } from '../usecases/chat-deps.ts';
import { deleteAccount } from '../usecases/delete-account.ts';
import { iceAhead } from '../usecases/ice-ahead.ts';
import { changePicture, changeSettings, readSettings, removePicture } from '../usecases/settings.ts';
import { authenticated } from './auth.ts';
import { ownAccounts } from './auth-routes.ts';
import { parseBody, parseBytes } from './body.ts';
import type { AppDeps } from './deps.ts';
import type { AppEnv } from './env.ts';
import { asTry } from './tries.ts';

export function meRoutes(deps: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.use(authenticated(deps));
  routes.get('/', async (c) => {
    const { principal } = c.var;
    const me = await deps.db.readAs(claimsOf(principal), (sql) => findPerson(sql, principal.userId));
    // The account was deleted while the token still ran.
    if (me === undefined) throw new EdgeError('token_invalid');
    return c.json(me);
  });
  routes.get('/settings', async (c) => c.json(await readSettings(deps, c.var.principal)));
  routes.patch('/settings', async (c) =>
    c.json(await changeSettings(deps, c.var.principal, await parseBody(c, ChangeSettings))),
  );
  routes.get('/ice-servers', async (c) => c.json(await iceAhead(deps, c.var.principal)));
  routes.put('/picture', async (c) => {
    // Before it is read: whoever is over the limit costs no memory.
    await deps.accountLimits.takePicture(c.var.principal.userId);
    const picture = await parseBytes(c, PICTURE_TYPES, MAX_PICTURE_BYTES);
    return c.json({ picture: await changePicture(deps, c.var.principal, picture) });
  });
  routes.delete('/picture', async (c) => {
    await removePicture(deps, c.var.principal);
    return c.body(null, 204);
  });
  routes.delete('/', async (c) => {
    const accounts = ownAccounts(deps);
    const { principal } = c.var;
    const { password } = await parseBody(c, DeleteAccount);
    // Whoever holds somebody's token may not guess their password here either.
    const giveBack = await deps.accountLimits.takeSignIn(principal.userId, deps.addressOf(c));
    await asTry(giveBack, () => accounts.requirePassword(principal.userId, password));
    const sessions = await accounts.sessions(principal);
    await deleteAccount(deps, principal);
    accounts.noteEnded(sessions.map(({ id }) => id));
    return c.body(null, 204);
  });
  return routes;
}
