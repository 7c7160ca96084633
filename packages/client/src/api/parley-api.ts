import {
  Call,
  type CallCommandName,
  Channel,
  type CreateCall,
  Invitation,
  MediaCredentials,
  Message,
  Notification,
  page,
  Team,
  User,
} from '@parley/protocol';
import type { AuthSession } from '../session/auth-session.ts';
import type { Identity } from '../session/identity.ts';
import { ApiError } from './api-error.ts';
import type { Http, HttpAnswer, HttpRequest } from './http.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const Users = page(User);
const Teams = page(Team);
const Channels = page(Channel);
const Messages = page(Message);
const Calls = page(Call);
const Notifications = page(Notification);

interface ApiDeps {
  readonly http: Http;
  readonly session: AuthSession;
  readonly ids: { uuid(): string };
  readonly identity: () => Promise<Identity>;
}

/** The REST edge, as a person who is signed in. Every method throws `ApiError`. */
export class ParleyApi {
  readonly #deps: ApiDeps;

  constructor(deps: ApiDeps) {
    this.#deps = deps;
  }

  teams = (): Promise<Page<Team>> => this.#get('/api/teams', Teams);
  members = (teamId: string, cursor?: string): Promise<Page<User>> =>
    this.#get(`/api/teams/${teamId}/members${query({ cursor })}`, Users);
  channels = (teamId: string, cursor?: string): Promise<Page<Channel>> =>
    this.#get(`/api/teams/${teamId}/channels${query({ cursor })}`, Channels);
  messages = (channelId: string, cursor?: string): Promise<Page<Message>> =>
    this.#get(`/api/channels/${channelId}/messages${query({ cursor })}`, Messages);
  calls = (teamId: string | null, cursor?: string): Promise<Page<Call>> =>
    this.#get(`/api/calls${query({ teamId: teamId ?? undefined, cursor })}`, Calls);
  call = (callId: string): Promise<Call> => this.#get(`/api/calls/${callId}`, Call);
  notifications = (cursor?: string): Promise<Page<Notification>> =>
    this.#get(`/api/notifications${query({ cursor })}`, Notifications);

  createTeam = (name: string): Promise<Team> => this.#post('/api/teams', { name }, Team);
  createChannel = (teamId: string, name: string): Promise<Channel> =>
    this.#post(`/api/teams/${teamId}/channels`, { name }, Channel);
  openDirect = (teamId: string, userId: string): Promise<Channel> =>
    this.#post(`/api/teams/${teamId}/direct`, { userId }, Channel);
  invite = (teamId: string): Promise<Invitation> => this.#post(`/api/teams/${teamId}/invitations`, {}, Invitation);
  acceptInvitation = (token: string): Promise<Team> =>
    this.#post(`/api/invitations/${encodeURIComponent(token)}/accept`, {}, Team);
  /** @param key idempotency key: the same message sent twice is one message. */
  sendMessage = (channelId: string, content: string, key: string): Promise<Message> =>
    this.#post(`/api/channels/${channelId}/messages`, { content }, Message, key);
  credentials = (callId: string): Promise<MediaCredentials> =>
    this.#post(`/api/calls/${callId}/token`, {}, MediaCredentials);

  async readNotifications(ids: readonly string[]): Promise<void> {
    await this.#send({ method: 'POST', path: '/api/notifications/read', body: { ids } });
  }

  /** 201 for a new call, 200 for one that existed. */
  create(body: CreateCall, key: string): Promise<HttpAnswer<Call>> {
    return this.#send({ method: 'POST', path: '/api/calls', body, schema: Call, headers: { 'idempotency-key': key } });
  }

  async command(callId: string, name: CallCommandName, body: unknown, key: string): Promise<Call> {
    const path = `/api/calls/${callId}/${name}`;
    const headers = { 'idempotency-key': key };
    return (await this.#send({ method: 'POST', path, body, schema: Call, headers })).data;
  }

  async #get<T>(path: string, schema: NonNullable<HttpRequest<T>['schema']>): Promise<T> {
    return (await this.#send({ method: 'GET', path, schema })).data;
  }

  async #post<T>(path: string, body: unknown, schema: NonNullable<HttpRequest<T>['schema']>, key?: string): Promise<T> {
    const headers = { 'idempotency-key': key ?? this.#deps.ids.uuid() };
    return (await this.#send({ method: 'POST', path, body, schema, headers })).data;
  }

  /** A token that the server refuses is renewed once, and the request is made again. */
  async #send<T>(request: HttpRequest<T>): Promise<HttpAnswer<T>> {
    const { session, identity } = this.#deps;
    const token = await session.accessToken();
    if (token === null) throw new ApiError('unauthenticated');
    const { deviceId, instanceId } = await identity();
    const send = (bearer: string) =>
      this.#deps.http.send({
        ...request,
        headers: {
          ...request.headers,
          authorization: `Bearer ${bearer}`,
          'x-device-id': deviceId,
          'x-instance-id': instanceId,
        },
      });
    try {
      return await send(token);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      const renewed = await session.renew(token);
      if (renewed === null) throw error;
      return send(renewed);
    }
  }
}

function query(values: Readonly<Record<string, string | undefined>>): string {
  const parts = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`],
  );
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
