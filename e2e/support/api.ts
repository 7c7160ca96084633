import { randomUUID } from 'node:crypto';
import { demoSession, type Session } from './demo-session.ts';

type Participant = {
  userId: string;
  displayName: string;
  state: string;
  isMuted: boolean;
  videoEnabled: boolean;
};
export type Call = {
  id: string;
  status: string;
  endReason: string | null;
  callType: string;
  initiatorId: string;
  durationSeconds: number | null;
  participants: Participant[];
};
export type CallEvent = { seq: number; type: string; actorId: string | null };

/** The ledger as a person sees it over REST: what a test compares the screens with. */
export class Ledger {
  readonly #url: string;
  readonly #session: Session;

  private constructor(url: string, session: Session) {
    this.#url = url;
    this.#session = session;
  }

  /** @param first the first name of somebody of the demo team */
  static async of(url: string, first: string): Promise<Ledger> {
    return new Ledger(url, await demoSession(url, first));
  }

  get userId(): string {
    return this.#session.user.id;
  }

  /** Newest first. */
  async calls(): Promise<Call[]> {
    const [team] = (await this.#get<{ items: { id: string }[] }>('/api/teams')).items;
    if (!team) throw new Error('No team.');
    return (await this.#get<{ items: Call[] }>(`/api/calls?teamId=${team.id}`)).items;
  }

  /** The one call that there is. */
  async onlyCall(): Promise<Call> {
    const calls = await this.calls();
    const [call] = calls;
    if (!call || calls.length !== 1) throw new Error(`One call was expected, not ${calls.length}.`);
    return call;
  }

  async call(callId: string): Promise<Call> {
    return this.#get<Call>(`/api/calls/${callId}`);
  }

  async events(callId: string): Promise<CallEvent[]> {
    return (await this.#get<{ items: CallEvent[] }>(`/api/calls/${callId}/events`)).items;
  }

  /** Starts a call as a device without a screen. */
  async startCall(callType: 'audio' | 'video', recipientId: string): Promise<Call> {
    const [team] = (await this.#get<{ items: { id: string }[] }>('/api/teams')).items;
    const answer = await fetch(`${this.#url}/api/calls`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.#session.accessToken}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        'x-device-id': randomUUID(),
      },
      body: JSON.stringify({ teamId: team?.id, channelId: null, callType, recipientIds: [recipientId] }),
    });
    if (!answer.ok) throw new Error(`The call could not be started: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Call;
  }

  /** Makes a link to the call in which this person sits. @returns its path */
  async callLink(): Promise<string> {
    return this.#link({ callId: (await this.onlyCall()).id });
  }

  /** Posts a link to the call of a channel there. @returns its path */
  async channelLink(name: string): Promise<string> {
    const [team] = (await this.#get<{ items: { id: string }[] }>('/api/teams')).items;
    const { items } = await this.#get<{ items: { id: string; name: string }[] }>(`/api/teams/${team?.id}/channels`);
    return this.#link({ channelId: items.find((channel) => channel.name === name)?.id });
  }

  async #link(body: object): Promise<string> {
    const [team] = (await this.#get<{ items: { id: string }[] }>('/api/teams')).items;
    const answer = await fetch(`${this.#url}/api/teams/${team?.id}/call-links`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.#session.accessToken}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        'x-device-id': randomUUID(),
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`The link could not be made: ${answer.status} ${await answer.text()}`);
    const { pathname } = new URL(((await answer.json()) as { url: string }).url, this.#url);
    return pathname;
  }

  async #get<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.#url}${path}`, {
      headers: { authorization: `Bearer ${this.#session.accessToken}` },
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}
