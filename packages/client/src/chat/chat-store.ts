import type { Channel, Invitation, Member, ServerMessage, Team, User } from '@parley/protocol';
import { ApiError } from '../api/api-error.ts';
import type { Page, ParleyApi } from '../api/parley-api.ts';
import type { ChatMessage, ChatSnapshot, MessageList } from '../model.ts';
import type { Clock, Ids } from '../ports/platform.ts';
import type { SignallingTransport } from '../ports/signalling-transport.ts';
import { merge, NO_MESSAGES, withPending } from './message-list.ts';

/** The chat around the calls. Methods that ask the server throw `ApiError`. */
export interface Chat {
  snapshot(): ChatSnapshot;
  subscribe(listener: () => void): () => void;
  /** Reads teams, members and channels again. */
  reload(): Promise<void>;
  createTeam(name: string): Promise<Team>;
  createChannel(teamId: string, name: string): Promise<Channel>;
  invite(teamId: string): Promise<Invitation>;
  acceptInvitation(token: string): Promise<Team>;
  openDirect(teamId: string, userId: string): Promise<Channel>;
  /** Messages of the channel are read and kept up to date until the returned function is called. */
  openChannel(channelId: string): () => void;
  /** What happens in the channel is heard until the returned function is called; its messages are not read. */
  followChannel(channelId: string): () => void;
  loadOlder(channelId: string): Promise<void>;
  /** Shows at once; never throws: a message that could not be sent says so and can be sent again. */
  send(channelId: string, content: string): Promise<void>;
  resend(channelId: string, messageId: string): Promise<void>;
}

interface ChatDeps {
  readonly api: ParleyApi;
  readonly transport: SignallingTransport;
  readonly ids: Ids;
  readonly clock: Clock;
  me(): User | null;
}

const NOTHING: ChatSnapshot = { teams: null, members: new Map(), channels: new Map(), messages: new Map() };
/** Bounds what a loop over pages may read. */
const MOST_PAGES = 50;

export class ChatStore implements Chat {
  readonly #deps: ChatDeps;
  readonly #listeners = new Set<() => void>();
  /** How many read each channel, and how many listen to it. */
  readonly #open = new Map<string, number>();
  readonly #followed = new Map<string, number>();
  readonly #cursors = new Map<string, string | null>();
  readonly #unlisten: () => void;
  #snapshot: ChatSnapshot = NOTHING;
  /** Counts people: what was asked for by the one before is not shown to the next. */
  #turn = 0;

  constructor(deps: ChatDeps) {
    this.#deps = deps;
    this.#unlisten = deps.transport.onMessage((message) => this.#heard(message));
  }

  snapshot(): ChatSnapshot {
    return this.#snapshot;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  reset(): void {
    this.#turn += 1;
    this.#cursors.clear();
    this.#set(NOTHING);
  }

  dispose(): void {
    this.#unlisten();
    this.#listeners.clear();
  }

  async reload(): Promise<void> {
    const turn = this.#turn;
    const { items: teams } = await this.#deps.api.teams();
    if (turn !== this.#turn) return;
    this.#set({ ...this.#snapshot, teams });
    for (const { id } of teams) this.#deps.transport.send({ t: 'subscribe', topic: `team:${id}` });
    await Promise.all(teams.flatMap(({ id }) => [this.#readMembers(id), this.#readChannels(id)]));
  }

  async createTeam(name: string): Promise<Team> {
    const team = await this.#deps.api.createTeam(name);
    await this.reload();
    return team;
  }

  async createChannel(teamId: string, name: string): Promise<Channel> {
    const channel = await this.#deps.api.createChannel(teamId, name);
    this.#addChannel(channel);
    return channel;
  }

  invite(teamId: string): Promise<Invitation> {
    return this.#deps.api.invite(teamId);
  }

  async acceptInvitation(token: string): Promise<Team> {
    const team = await this.#deps.api.acceptInvitation(token);
    await this.reload();
    return team;
  }

  async openDirect(teamId: string, userId: string): Promise<Channel> {
    const channel = await this.#deps.api.openDirect(teamId, userId);
    this.#addChannel(channel);
    return channel;
  }

  openChannel(channelId: string): () => void {
    const first = !this.#open.has(channelId);
    const unfollow = this.followChannel(channelId);
    const close = counted(this.#open, channelId, () => undefined);
    if (first) void this.#readNewest(channelId).catch(() => undefined);
    return () => {
      close();
      unfollow();
    };
  }

  followChannel(channelId: string): () => void {
    const topic = `channel:${channelId}`;
    if (!this.#followed.has(channelId)) this.#deps.transport.send({ t: 'subscribe', topic });
    return counted(this.#followed, channelId, () => this.#deps.transport.send({ t: 'unsubscribe', topic }));
  }

  async loadOlder(channelId: string): Promise<void> {
    const list = this.#list(channelId);
    const cursor = this.#cursors.get(channelId);
    if (list.loading || !list.hasOlder || typeof cursor !== 'string') return;
    await this.#readPage(channelId, cursor);
  }

  async send(channelId: string, content: string): Promise<void> {
    const author = this.#deps.me();
    const text = content.trim();
    if (!author || text === '') return;
    const pending: ChatMessage = {
      // The id doubles as idempotency key: sent again, it is still one message.
      id: this.#deps.ids.uuid(),
      channelId,
      author,
      type: 'text',
      content: text,
      call: null,
      createdAt: new Date(this.#deps.clock.now()).toISOString(),
      state: 'sending',
    };
    await this.#post(pending);
  }

  async resend(channelId: string, messageId: string): Promise<void> {
    const failed = this.#list(channelId).items.find(({ id, state }) => id === messageId && state === 'failed');
    if (failed) await this.#post({ ...failed, state: 'sending' });
  }

  async #post(pending: ChatMessage): Promise<void> {
    const { channelId, content, id } = pending;
    const turn = this.#turn;
    this.#change(channelId, (list) => withPending(list, pending));
    try {
      const message = await this.#deps.api.sendMessage(channelId, content, id);
      if (turn === this.#turn) this.#change(channelId, (list) => merge(list, [message]));
    } catch {
      if (turn === this.#turn) this.#change(channelId, (list) => withPending(list, { ...pending, state: 'failed' }));
    }
  }

  #heard(message: ServerMessage): void {
    switch (message.t) {
      case 'welcome':
        // Topics belong to a connection, and nothing says what was missed while it was down.
        void this.reload().catch(() => undefined);
        for (const channelId of this.#followed.keys()) {
          this.#deps.transport.send({ t: 'subscribe', topic: `channel:${channelId}` });
        }
        for (const channelId of this.#open.keys()) void this.#readNewest(channelId).catch(() => undefined);
        return;
      case 'message':
        // Of a channel that is only listened to nothing is shown: it is read when somebody opens it.
        if (!this.#open.has(message.message.channelId)) return;
        this.#change(message.message.channelId, (list) => merge(list, [message.message]));
        return;
      case 'person':
        this.#changePerson(message.teamId, message.person);
        return;
      case 'team':
        void (
          message.changed === 'members' ? this.#readMembers(message.teamId) : this.#readChannels(message.teamId)
        ).catch(() => undefined);
        return;
      default:
    }
  }

  async #readMembers(teamId: string): Promise<void> {
    const turn = this.#turn;
    const members = await everything((cursor) => this.#deps.api.members(teamId, cursor));
    if (turn === this.#turn) {
      this.#set({ ...this.#snapshot, members: new Map(this.#snapshot.members).set(teamId, members) });
    }
  }

  async #readChannels(teamId: string): Promise<void> {
    const turn = this.#turn;
    const channels = await everything((cursor) => this.#deps.api.channels(teamId, cursor));
    if (turn === this.#turn) {
      this.#set({ ...this.#snapshot, channels: new Map(this.#snapshot.channels).set(teamId, channels) });
    }
  }

  #changePerson(teamId: string, person: Member): void {
    const known = this.#snapshot.members.get(teamId);
    // Whoever has come in meanwhile is in the list that is being read.
    if (!known?.some(({ id }) => id === person.id)) return;
    const members = known.map((member) => (member.id === person.id ? person : member));
    this.#set({ ...this.#snapshot, members: new Map(this.#snapshot.members).set(teamId, members) });
  }

  #addChannel(channel: Channel): void {
    const known = this.#snapshot.channels.get(channel.teamId) ?? [];
    const channels = [...known.filter(({ id }) => id !== channel.id), channel];
    this.#set({ ...this.#snapshot, channels: new Map(this.#snapshot.channels).set(channel.teamId, channels) });
  }

  #readNewest(channelId: string): Promise<void> {
    return this.#readPage(channelId, undefined);
  }

  async #readPage(channelId: string, cursor: string | undefined): Promise<void> {
    const turn = this.#turn;
    this.#change(channelId, (list) => ({ ...list, loading: true }));
    try {
      const { items, nextCursor } = await this.#deps.api.messages(channelId, cursor);
      if (turn !== this.#turn) return;
      // A channel that was read before knows how far back it has come.
      if (cursor !== undefined || !this.#cursors.has(channelId)) this.#cursors.set(channelId, nextCursor);
      this.#change(channelId, (list) => ({
        ...merge(list, items),
        hasOlder: typeof this.#cursors.get(channelId) === 'string',
      }));
    } finally {
      if (turn === this.#turn) this.#change(channelId, (list) => ({ ...list, loading: false }));
    }
  }

  #list(channelId: string): MessageList {
    return this.#snapshot.messages.get(channelId) ?? NO_MESSAGES;
  }

  #change(channelId: string, change: (list: MessageList) => MessageList): void {
    const messages = new Map(this.#snapshot.messages).set(channelId, change(this.#list(channelId)));
    this.#set({ ...this.#snapshot, messages });
  }

  #set(snapshot: ChatSnapshot): void {
    this.#snapshot = snapshot;
    for (const listener of [...this.#listeners]) listener();
  }
}

async function everything<T>(read: (cursor?: string) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await read(cursor);
    items.push(...answer.items);
    if (answer.nextCursor === null) return items;
    cursor = answer.nextCursor;
  }
  throw new ApiError('bad_response');
}

/** Counts who wants something. @returns ends one wish; the last one ends it all */
function counted(counts: Map<string, number>, key: string, end: () => void): () => void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
  let closed = false;
  return () => {
    if (closed) return;
    closed = true;
    const left = (counts.get(key) ?? 1) - 1;
    if (left > 0) {
      counts.set(key, left);
      return;
    }
    counts.delete(key);
    end();
  };
}
