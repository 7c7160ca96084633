import {
  Call,
  type CallCommandName,
  CallEventRecord,
  CallLink,
  CallLinkPreview,
  CallMessage,
  type CallMetrics,
  type ChangeSettings,
  Channel,
  type CreateCall,
  type CreateCallLink,
  type HistoryQuery,
  IceConfiguration,
  Invitation,
  InvitationInfo,
  InvitationPreview,
  KnockAnswer,
  MediaCredentials,
  Member,
  Message,
  Notification,
  Participant,
  type PeopleQuery,
  PersonSettings,
  page,
  SessionInfo,
  Team,
} from '@parley/protocol';
import type { AuthSession } from '../session/auth-session.ts';
import type { Identity } from '../session/identity.ts';
import { ApiError } from './api-error.ts';
import type { Http, HttpAnswer, HttpBytes, HttpRequest } from './http.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Commands of a group, whose news come to everybody by the call's view. */
export interface GroupCommands {
  readonly invite: { readonly userIds: readonly string[] };
  readonly remove: { readonly userId: string };
  readonly mute: { readonly userId: string };
  readonly lock: { readonly locked: boolean };
  readonly hand: { readonly raised: boolean };
}
export type GroupCommandName = keyof GroupCommands;

const Members = page(Member);
const Sessions = page(SessionInfo);
const Links = page(InvitationInfo);
const Teams = page(Team);
const Channels = page(Channel);
const Messages = page(Message);
const Calls = page(Call);
const CallMessages = page(CallMessage);
const Notifications = page(Notification);
const People = page(Participant);

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
  members = (teamId: string, cursor?: string): Promise<Page<Member>> =>
    this.#get(`/api/teams/${teamId}/members${query({ cursor })}`, Members);
  channels = (teamId: string, cursor?: string): Promise<Page<Channel>> =>
    this.#get(`/api/teams/${teamId}/channels${query({ cursor })}`, Channels);
  messages = (channelId: string, cursor?: string): Promise<Page<Message>> =>
    this.#get(`/api/channels/${channelId}/messages${query({ cursor })}`, Messages);
  calls = (wanted: HistoryQuery): Promise<Page<Call>> => this.#get(`/api/calls${query(wanted)}`, Calls);
  call = (callId: string): Promise<Call> => this.#get(`/api/calls/${callId}`, Call);
  notifications = (cursor?: string): Promise<Page<Notification>> =>
    this.#get(`/api/notifications${query({ cursor })}`, Notifications);

  settings = (): Promise<PersonSettings> => this.#get('/api/me/settings', PersonSettings);
  /** For a call that may soon be made. */
  iceServers = (): Promise<IceConfiguration> => this.#get('/api/me/ice-servers', IceConfiguration);
  sessions = (): Promise<Page<SessionInfo>> => this.#get('/api/auth/sessions', Sessions);
  invitations = (teamId: string): Promise<Page<InvitationInfo>> => this.#get(`/api/teams/${teamId}/invitations`, Links);

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

  async groupCommand<N extends GroupCommandName>(callId: string, name: N, body: GroupCommands[N]): Promise<void> {
    const headers = { 'idempotency-key': this.#deps.ids.uuid() };
    await this.#send({ method: 'POST', path: `/api/calls/${callId}/${name}`, body, headers });
  }

  callMessages = (callId: string): Promise<Page<CallMessage>> =>
    this.#get(`/api/calls/${callId}/messages`, CallMessages);
  callPeople = (callId: string, wanted: PeopleQuery): Promise<Page<Participant>> =>
    this.#get(`/api/calls/${callId}/participants${query(wanted)}`, People);
  sendCallMessage = (callId: string, content: string, key: string): Promise<CallMessage> =>
    this.#post(`/api/calls/${callId}/messages`, { content }, CallMessage, key);

  createCallLink = (teamId: string, body: CreateCallLink): Promise<CallLink> =>
    this.#post(`/api/teams/${teamId}/call-links`, body, CallLink);
  revokeCallLink = (linkId: string): Promise<void> => this.#delete(`/api/call-links/${encodeURIComponent(linkId)}`);
  async admitGuest(linkId: string, knockId: string, admit: boolean): Promise<void> {
    await this.#send({
      method: 'POST',
      path: `/api/call-links/${encodeURIComponent(linkId)}/admit`,
      body: { knockId, admit },
      headers: { 'idempotency-key': this.#deps.ids.uuid() },
    });
  }
  /** With or without somebody who is signed in. */
  callLink = (token: string): Promise<CallLinkPreview> =>
    this.#asAnybody({ method: 'GET', path: `/api/call-links/${encodeURIComponent(token)}`, schema: CallLinkPreview });
  knock = (token: string, displayName: string | undefined): Promise<KnockAnswer> =>
    this.#asAnybody({
      method: 'POST',
      path: `/api/call-links/${encodeURIComponent(token)}/knock`,
      body: displayName === undefined ? {} : { displayName },
      headers: { 'idempotency-key': this.#deps.ids.uuid() },
      schema: KnockAnswer,
    });
  /** Gets through also from a page that is just being closed. */
  async withdrawKnock(token: string): Promise<void> {
    await this.#send({ method: 'DELETE', path: `/api/call-links/${encodeURIComponent(token)}/knock`, keepalive: true });
  }

  /** Gets through also from a page that is just being closed. */
  async commandAtLast(callId: string, name: 'cancel' | 'leave', body: object, key: string): Promise<void> {
    const headers = { 'idempotency-key': key };
    await this.#send({ method: 'POST', path: `/api/calls/${callId}/${name}`, body, headers, keepalive: true });
  }

  /** Gets through also from a page that is just being closed. */
  async metrics(callId: string, body: CallMetrics): Promise<void> {
    await this.#send({ method: 'POST', path: `/api/calls/${callId}/metrics`, body, keepalive: true });
  }

  async readNotifications(ids: readonly string[]): Promise<void> {
    await this.#send({ method: 'POST', path: '/api/notifications/read', body: { ids } });
  }

  async changeSettings(change: ChangeSettings): Promise<PersonSettings> {
    const request = { method: 'PATCH', path: '/api/me/settings', body: change, schema: PersonSettings } as const;
    return (await this.#send<PersonSettings>(request)).data;
  }

  async putPicture(bytes: HttpBytes): Promise<void> {
    await this.#send({ method: 'PUT', path: '/api/me/picture', bytes });
  }

  removePicture = (): Promise<void> => this.#delete('/api/me/picture');

  async picture(userId: string, hash: string): Promise<HttpBytes> {
    const path = `/api/people/${userId}/pictures/${hash}`;
    return (await this.#as((headers) => this.#deps.http.bytes({ method: 'GET', path, headers }))).data;
  }

  async changePassword(currentPassword: string, newPassword: string): Promise<void> {
    await this.#send({ method: 'POST', path: '/api/auth/password', body: { currentPassword, newPassword } });
  }

  async signOutEverywhere(): Promise<void> {
    await this.#send({ method: 'POST', path: '/api/auth/sign-out', body: { everywhere: true } });
  }

  endSession = (sessionId: string): Promise<void> => this.#delete(`/api/auth/sessions/${sessionId}`);
  leaveTeam = (teamId: string, userId: string): Promise<void> => this.#delete(`/api/teams/${teamId}/members/${userId}`);
  revokeInvitation = (id: string): Promise<void> => this.#delete(`/api/invitations/${id}`);

  async deleteAccount(password: string): Promise<void> {
    await this.#send({ method: 'DELETE', path: '/api/me', body: { password } });
  }

  /** Needs nobody to be signed in. */
  async invitation(token: string): Promise<InvitationPreview> {
    const path = `/api/invitations/${encodeURIComponent(token)}`;
    return (await this.#deps.http.send({ method: 'GET', path, schema: InvitationPreview })).data;
  }

  /** What happened in a call after that event, in order. */
  async callEvents(callId: string, after: number): Promise<readonly CallEventRecord[]> {
    const path = `/api/calls/${callId}/events${query({ after: String(after) })}`;
    return (await this.#get(path, page(CallEventRecord).partial({ nextCursor: true }))).items;
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

  async #delete(path: string): Promise<void> {
    await this.#send({ method: 'DELETE', path });
  }

  async #asAnybody<T>(request: HttpRequest<T>): Promise<T> {
    const { http, session, identity } = this.#deps;
    if (session.user !== null) return (await this.#send(request)).data;
    const { deviceId } = await identity();
    return (await http.send({ ...request, headers: { ...request.headers, 'x-device-id': deviceId } })).data;
  }

  #send<T>(request: HttpRequest<T>): Promise<HttpAnswer<T>> {
    return this.#as((headers) => this.#deps.http.send({ ...request, headers: { ...request.headers, ...headers } }));
  }

  /**
   * In the name of whoever is signed in. A token that the server refuses is renewed once, and the request is made again; a
   * wrong password is refused with the same status, and asking again would count as another try.
   */
  async #as<T>(send: (headers: Record<string, string>) => Promise<T>): Promise<T> {
    const { session, identity } = this.#deps;
    const token = await session.accessToken();
    if (token === null) throw new ApiError('unauthenticated');
    const { deviceId, instanceId } = await identity();
    const headers = (bearer: string) => ({
      authorization: `Bearer ${bearer}`,
      'x-device-id': deviceId,
      'x-instance-id': instanceId,
    });
    try {
      return await send(headers(token));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401 || error.code === 'credentials_invalid') throw error;
      const renewed = await session.renew(token);
      if (renewed === null) throw error;
      return send(headers(renewed));
    }
  }
}

function query(values: Readonly<Record<string, string | undefined>>): string {
  const parts = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`],
  );
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
