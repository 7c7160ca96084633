import {
  CALL_COMMAND_NAMES,
  CallMetrics,
  CreateCall,
  DEVICE_COMMANDS,
  Empty,
  EventsQuery,
  HistoryQuery,
  PeopleQuery,
  SendCallMessage,
} from '@parley/protocol';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { EdgeError } from '../ports/edge-error.ts';
import { callFor } from '../store/big-call.ts';
import type { CallDoor } from '../usecases/call-door.ts';
import { parseCallCommand } from '../usecases/parse-command.ts';
import type { Actor, CallUseCases } from '../usecases/types.ts';
import { parseBody, parseQuery } from './body.ts';
import type { AppEnv } from './env.ts';
import { absoluteMediaUrl } from './media-url.ts';
import { CursorQuery, uuidHeader, uuidParam } from './params.ts';

/** Checked by the command's own schema. */
const AnyObject = z.record(z.string(), z.unknown());

/** Mounted at `/api/calls`, behind authentication. */
export function callRoutes({ calls, door }: { readonly calls: CallUseCases; readonly door: CallDoor }): Hono<AppEnv> {
  const app = new Hono<AppEnv>();

  app.post('/', async (c) => {
    const key = idempotencyKey(c);
    const actor = actorOf(c, 'required');
    const result = await calls.create(actor, key, await parseBody(c, CreateCall));
    return c.json(callFor(result.view.call, actor.userId), result.status);
  });

  app.get('/', async (c) => {
    const { teamId = null, only = null, with: other = null, cursor = null } = parseQuery(c, HistoryQuery);
    return c.json(await calls.list(actorOf(c, 'optional'), { teamId, only, with: other, cursor }));
  });

  app.get('/:id', async (c) => {
    const actor = actorOf(c, 'optional');
    const view = await calls.get(actor, uuidParam(c, 'id'));
    return c.json(callFor(view.call, actor.userId));
  });

  app.get('/:id/events', async (c) => {
    const id = uuidParam(c, 'id');
    const { after } = parseQuery(c, EventsQuery);
    return c.json({ items: await calls.events(actorOf(c, 'optional'), id, after ?? 0) });
  });

  app.post('/:id/token', async (c) => {
    const id = uuidParam(c, 'id');
    const actor = actorOf(c, 'required');
    await parseBody(c, Empty);
    const credentials = await calls.mediaToken(actor, id);
    return c.json({ ...credentials, url: absoluteMediaUrl(c, credentials.url) });
  });

  app.post('/:id/metrics', async (c) => {
    const id = uuidParam(c, 'id');
    const actor = actorOf(c, 'optional');
    await calls.measure(actor, id, await parseBody(c, CallMetrics));
    return c.body(null, 204);
  });

  app.get('/:id/participants', async (c) => {
    const id = uuidParam(c, 'id');
    return c.json(await calls.participants(actorOf(c, 'optional'), id, parseQuery(c, PeopleQuery)));
  });

  app.get('/:id/knocks', async (c) => c.json(await door.knocks(actorOf(c, 'optional'), uuidParam(c, 'id'))));

  app.get('/:id/messages', async (c) => {
    const id = uuidParam(c, 'id');
    const { cursor = null } = parseQuery(c, CursorQuery);
    return c.json(await door.messages(actorOf(c, 'optional'), id, cursor));
  });

  app.post('/:id/messages', async (c) => {
    const id = uuidParam(c, 'id');
    const key = idempotencyKey(c);
    const { content } = await parseBody(c, SendCallMessage);
    const { message, made } = await door.send(actorOf(c, 'optional'), id, content, key);
    return c.json(message, made ? 201 : 200);
  });

  for (const name of CALL_COMMAND_NAMES) {
    app.post(`/:id/${name}`, async (c) => {
      const id = uuidParam(c, 'id');
      const key = idempotencyKey(c);
      const actor = actorOf(c, DEVICE_COMMANDS.has(name) ? 'required' : 'optional');
      const result = await calls.command(actor, key, id, parseCallCommand(name, await parseBody(c, AnyObject)));
      return c.json(callFor(result.view.call, actor.userId), result.status);
    });
  }

  return app;
}

/** Who asks, and from which device. @throws EdgeError `device_required` */
export function actorOf(c: Context<AppEnv>, device: 'required' | 'optional'): Actor {
  const { userId, isAnonymous } = c.get('principal');
  const deviceId = uuidHeader(c, 'X-Device-Id', 'device_required');
  if (deviceId === null && device === 'required') throw new EdgeError('device_required');
  const instanceId = uuidHeader(c, 'X-Instance-Id', 'bad_id');
  return { userId, isAnonymous, deviceId, instanceId: instanceId ?? deviceId };
}

function idempotencyKey(c: Context<AppEnv>): string {
  const key = uuidHeader(c, 'Idempotency-Key', 'idempotency_key_required');
  if (key === null) throw new EdgeError('idempotency_key_required');
  return key;
}
