import { CALL_COMMAND_NAMES, CreateCall } from '@parley/protocol';
import type { TokenVerifier } from '@parley/server/src/ports/auth.ts';
import type { EdgeError } from '@parley/server/src/ports/edge-error.ts';
import type { Logger } from '@parley/server/src/ports/logger.ts';
import { edgeErrorOf } from '@parley/server/src/realtime/errors.ts';
import { callFor } from '@parley/server/src/store/big-call.ts';
import { checked, parseCallCommand } from '@parley/server/src/usecases/parse-command.ts';
import type { Actor, CallUseCases } from '@parley/server/src/usecases/types.ts';

export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

interface DoorDeps {
  readonly calls: CallUseCases;
  readonly verifier: TokenVerifier;
  readonly log: Logger;
}

/**
 * The second door to the use cases, beside the socket: the addresses that a client needs in calls. The server's own routes read
 * bodies by the platform's streams, whose steps no seed decides; they have tests of their own.
 */
export function createRestDoor({ calls, verifier, log }: DoorDeps): (request: RestRequest) => Promise<RestAnswer> {
  async function actorOf(headers: Headers): Promise<Actor> {
    const token = (headers.get('authorization') ?? '').replace(/^Bearer /, '');
    const { userId, isAnonymous } = await verifier.verify(token);
    const deviceId = headers.get('x-device-id');
    return { userId, isAnonymous, deviceId, instanceId: headers.get('x-instance-id') ?? deviceId };
  }

  async function route(actor: Actor, { method, path, query, headers, body }: RestRequest): Promise<[number, unknown]> {
    const key = headers.get('idempotency-key') ?? '';
    const [, , what = '', id = '', name = ''] = path.split('/');
    if (what === 'notifications') {
      await calls.markRead(actor, (body as { ids: string[] }).ids);
      return [204, null];
    }
    if (what === 'calls' && id === '') {
      const { status, view } = await calls.create(actor, key, checked(CreateCall, body));
      return [status, callFor(view.call, actor.userId)];
    }
    if (what === 'calls' && method === 'GET' && name === '') {
      return [200, callFor((await calls.get(actor, id)).call, actor.userId)];
    }
    if (what === 'calls' && name === 'events') {
      return [200, { items: await calls.events(actor, id, Number(query.get('after'))) }];
    }
    if (what === 'calls' && name === 'token') return [200, await calls.mediaToken(actor, id)];
    const command = CALL_COMMAND_NAMES.find((known) => known === name);
    if (what !== 'calls' || command === undefined) throw new Error(`no such address: ${method} ${path}`);
    const { view } = await calls.command(actor, key, id, parseCallCommand(command, body));
    return [200, callFor(view.call, actor.userId)];
  }

  return async (request) => {
    const headers = new Headers({ 'content-type': 'application/json' });
    try {
      const actor = await actorOf(request.headers);
      const [status, body] = await route(actor, request);
      // A sign of life, as any request that names its device: it counts once the request has been answered.
      await calls.seen(actor).catch(() => undefined);
      return { status, headers, text: body === null ? '' : JSON.stringify(body) };
    } catch (error) {
      const edge: EdgeError = edgeErrorOf(error, log);
      if (edge.retryAfter !== undefined) headers.set('retry-after', String(Math.ceil(edge.retryAfter)));
      return { status: edge.status, headers, text: JSON.stringify(edge.toProblem()) };
    }
  };
}

/** What a client reads of it: the text is there at once. */
export const responseOf = ({ status, headers, text }: RestAnswer): Response =>
  Object.defineProperty(new Response(null, { status, headers }), 'text', { value: async () => text });
