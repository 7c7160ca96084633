import { randomUUID } from 'node:crypto';
import { HeadlessMember } from '@parley/testing/headless';
import { demoSession, type Session } from './demo-session.ts';

type Credentials = { engine: string; url: string | null; token: string | null };
type Channel = { id: string; name: string | null };
type Call = { id: string };

/**
 * Somebody in a group call without a browser: the ledger sees a device like any other, with a socket that answers pings, and the
 * others hear a tone and see a small film.
 */
export class HeadlessPerson {
  readonly #url: string;
  readonly #session: Session;
  readonly #device = randomUUID();
  readonly #instance = randomUUID();
  readonly #socket: WebSocket;
  readonly #heard: string[];
  #member: HeadlessMember | null = null;
  #callId: string | null = null;

  private constructor(url: string, session: Session, heard: string[], socket: (hello: object) => WebSocket) {
    this.#heard = heard;
    this.#url = url;
    this.#session = session;
    this.#socket = socket({
      t: 'hello',
      v: 1,
      token: session.accessToken,
      deviceId: this.#device,
      instanceId: this.#instance,
    });
  }

  /** @param first the first name of somebody of the demo team */
  static async signIn(url: string, first: string): Promise<HeadlessPerson> {
    return HeadlessPerson.#open(url, await demoSession(url, first));
  }

  /** Somebody new, whom a colleague lets into the team. */
  async colleague(displayName: string): Promise<HeadlessPerson> {
    const email = `${randomUUID()}@acme.test`;
    const password = `${randomUUID()} horse`;
    const session = await post<Session>(this.#url, '/api/auth/sign-up', { email, password, displayName });
    const [team] = (await this.#get<{ items: { id: string }[] }>('/api/teams')).items;
    const { token } = await this.#post<{ token: string }>(`/api/teams/${team?.id}/invitations`, {});
    const person = await HeadlessPerson.#open(this.#url, session);
    await person.#post(`/api/invitations/${token}/accept`, {});
    return person;
  }

  static async #open(url: string, session: Session): Promise<HeadlessPerson> {
    let welcome = (): void => {};
    const greeted = new Promise<void>((resolve) => {
      welcome = resolve;
    });
    const heard: string[] = [];
    const person = new HeadlessPerson(url, session, heard, (hello) => {
      const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/realtime`);
      socket.onopen = () => socket.send(JSON.stringify(hello));
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(String(data)) as { t: string; n?: number };
        if (message.t === 'ping') socket.send(JSON.stringify({ t: 'pong', n: message.n }));
        if (message.t === 'welcome') welcome();
        heard.push(message.t);
      };
      return socket;
    });
    await greeted;
    return person;
  }

  get userId(): string {
    return this.#session.user.id;
  }

  /** As others find it in the room. */
  get identity(): string {
    return `${this.userId}:${this.#device}`;
  }

  /** Kinds of messages that came over its socket, in the order of their coming. */
  get heard(): readonly string[] {
    return this.#heard;
  }

  /** What it has in the media room. @throws Error outside of a call */
  get media(): HeadlessMember {
    if (this.#member === null) throw new Error(`${this.#session.user.displayName} is in no call.`);
    return this.#member;
  }

  /** Starts a call in a channel that rings nobody. @returns its id */
  async startIn(
    channel: string,
    callType: 'group_audio' | 'group_video',
    options: Parameters<HeadlessPerson['join']>[1] = {},
  ): Promise<string> {
    const [team] = (await this.#get<{ items: { id: string }[] }>('/api/teams')).items;
    const { items } = await this.#get<{ items: Channel[] }>(`/api/teams/${team?.id}/channels`);
    const channelId = items.find(({ name }) => name === channel)?.id;
    const { id } = await this.#post<Call>('/api/calls', { teamId: team?.id, channelId, callType, recipientIds: [] });
    await this.#enter(id, options);
    return id;
  }

  /** Comes into a call that it may come into, publishes, and stays until `leave`. */
  async join(callId: string, options: { tone?: boolean; film?: boolean; count?: boolean } = {}): Promise<void> {
    await this.#post(`/api/calls/${callId}/accept`, {});
    await this.#enter(callId, options);
  }

  /** Takes a seat as `join` does, but sends no sound and no picture. */
  async sit(callId: string): Promise<void> {
    this.#callId = callId;
    await this.#post(`/api/calls/${callId}/accept`, {});
    await this.#post(`/api/calls/${callId}/media-connected`, {});
  }

  /** What it says of its microphone to the ledger: others see it on its tile. */
  async showMuted(isMuted: boolean): Promise<void> {
    await this.#post(`/api/calls/${this.#callId}/media-state`, { isMuted, videoEnabled: false });
  }

  async #enter(
    callId: string,
    { tone = true, film = true, count = false }: Parameters<HeadlessPerson['join']>[1] & object,
  ) {
    this.#callId = callId;
    const { engine, url, token } = await this.#post<Credentials>(`/api/calls/${callId}/token`, {});
    if (url === null || token === null) throw new Error(`The call is carried by ${engine}, not by the media server.`);
    // Decoding what nobody looks at would cost the machine its cores.
    this.#member = await HeadlessMember.join(url, token, { subscribe: count, count });
    if (tone) await this.#member.publishTone();
    if (film) await this.#member.publishFilm();
    await this.#post(`/api/calls/${callId}/media-connected`, {});
  }

  /** Out of the call, and offline. */
  async leave(): Promise<void> {
    await this.#member?.leave();
    if (this.#callId !== null) await this.#post(`/api/calls/${this.#callId}/leave`, {}).catch(() => undefined);
    this.#member = null;
    this.#callId = null;
    this.#socket.close();
  }

  #post<T = unknown>(path: string, body: object): Promise<T> {
    return post<T>(this.#url, path, body, {
      authorization: `Bearer ${this.#session.accessToken}`,
      'idempotency-key': randomUUID(),
      'x-device-id': this.#device,
      'x-instance-id': this.#instance,
    });
  }

  async #get<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.#url}${path}`, {
      headers: { authorization: `Bearer ${this.#session.accessToken}` },
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}

async function post<T>(url: string, path: string, body: object, headers: Record<string, string> = {}): Promise<T> {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
