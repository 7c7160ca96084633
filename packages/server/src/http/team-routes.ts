import { CreateCallLink, CreateChannel, CreateInvitation, CreateTeam, OpenDirect } from '@parley/protocol';
import { Hono } from 'hono';
import { removeMember } from '../usecases/departures.ts';
import { createInvitation, listInvitations } from '../usecases/invitations.ts';
import { createChannel, createTeam, listChannels, listMembers, listTeams, openDirect } from '../usecases/teams.ts';
import { authenticated } from './auth.ts';
import { parseBody, parseQuery } from './body.ts';
import { actorOf } from './call-routes.ts';
import type { AppDeps } from './deps.ts';
import type { AppEnv } from './env.ts';
import { CursorQuery, uuidParam } from './params.ts';

export function teamRoutes(deps: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.use(authenticated(deps));

  routes.get('/', async (c) => c.json(await listTeams(deps, c.var.principal)));

  routes.post('/', async (c) => c.json(await createTeam(deps, c.var.principal, await parseBody(c, CreateTeam)), 201));

  routes.get('/:teamId/members', async (c) => {
    const { cursor } = parseQuery(c, CursorQuery);
    return c.json(await listMembers(deps, c.var.principal, uuidParam(c, 'teamId'), cursor));
  });

  routes.delete('/:teamId/members/:userId', async (c) => {
    await removeMember(deps, c.var.principal, uuidParam(c, 'teamId'), uuidParam(c, 'userId'));
    return c.body(null, 204);
  });

  routes.get('/:teamId/channels', async (c) =>
    c.json(await listChannels(deps, c.var.principal, uuidParam(c, 'teamId'))),
  );

  routes.post('/:teamId/channels', async (c) => {
    const teamId = uuidParam(c, 'teamId');
    return c.json(await createChannel(deps, c.var.principal, teamId, await parseBody(c, CreateChannel)), 201);
  });

  routes.get('/:teamId/invitations', async (c) =>
    c.json(await listInvitations(deps, c.var.principal, uuidParam(c, 'teamId'))),
  );

  routes.post('/:teamId/invitations', async (c) => {
    const teamId = uuidParam(c, 'teamId');
    const { maxUses } = await parseBody(c, CreateInvitation);
    return c.json(await createInvitation(deps, c.var.principal, teamId, maxUses ?? null), 201);
  });

  routes.post('/:teamId/call-links', async (c) => {
    const teamId = uuidParam(c, 'teamId');
    const body = await parseBody(c, CreateCallLink);
    return c.json(await deps.door.createLink(actorOf(c, 'optional'), teamId, body), 201);
  });

  routes.post('/:teamId/direct', async (c) => {
    const teamId = uuidParam(c, 'teamId');
    const { userId } = await parseBody(c, OpenDirect);
    const { channel, made } = await openDirect(deps, c.var.principal, teamId, userId);
    return c.json(channel, made ? 201 : 200);
  });

  return routes;
}
