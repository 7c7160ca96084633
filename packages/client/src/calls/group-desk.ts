import type { UserId } from '@parley/domain';
import type { CallMessage, Knock, ServerMessage } from '@parley/protocol';
import { toApiError } from '../api/api-error.ts';
import type { GroupCommandName, GroupCommands, ParleyApi } from '../api/parley-api.ts';
import type { CommandRunner } from '../commands/command-runner.ts';
import type { CallReaction } from '../model.ts';
import type { Clock, Ids } from '../ports/platform.ts';
import type { SignallingTransport } from '../ports/signalling-transport.ts';

/** What one does in a group, beyond what one does in every call. What fails comes as a notice. */
export interface GroupActions {
  /** Rings them. */
  invite(userIds: readonly UserId[]): void;
  /** Of a host: out of the call, and not back in without being asked. */
  remove(userId: UserId): void;
  /** Of a host: their microphone; they alone can turn it on again. */
  mute(userId: UserId): void;
  lock(locked: boolean): void;
  endForEveryone(): void;
  raiseHand(raised: boolean): void;
  react(emoji: string): void;
  /** To everybody in the call. */
  say(text: string): void;
  admit(knockId: string, admitted: boolean): void;
}

/** What passes in a call beside its state: it is told once, and ends with the call. */
export interface Passing {
  readonly reactions: readonly CallReaction[];
  /** The chat of the call, oldest first. */
  readonly words: readonly CallMessage[];
  /** Guests who ask to be let in. */
  readonly knocks: readonly Knock[];
}

interface GroupDeskDeps {
  readonly runner: CommandRunner;
  readonly api: Pick<ParleyApi, 'callMessages' | 'sendCallMessage' | 'admitGuest' | 'groupCommand'>;
  readonly transport: SignallingTransport;
  readonly clock: Clock;
  readonly ids: Ids;
  /** @param code of the error */
  failed(callId: string, code: string): void;
  changed(): void;
}

const NOTHING: Passing = { reactions: [], words: [], knocks: [] };
/** Milliseconds for which a reaction is seen. */
const REACTION_MS = 4_000;
const MOST_REACTIONS = 20;
const MOST_WORDS = 500;

/** Commands of a group, and what passes in it, of the one active call. */
export class GroupDesk implements GroupActions {
  readonly #deps: GroupDeskDeps;
  readonly #unlisten: () => void;
  readonly #timers = new Set<unknown>();
  #callId: string | null = null;
  #seated = false;
  #passing: Passing = NOTHING;

  constructor(deps: GroupDeskDeps) {
    this.#deps = deps;
    this.#unlisten = deps.transport.onMessage((message) => this.#heard(message));
  }

  get passing(): Passing {
    return this.#passing;
  }

  /** The active call, whenever it has changed. @param seated in a group */
  follow(callId: string | null, seated: boolean): void {
    if (callId !== this.#callId) {
      this.#callId = callId;
      this.#seated = false;
      this.#forget();
    }
    if (seated && !this.#seated) void this.#readWords();
    this.#seated = seated;
  }

  invite(userIds: readonly UserId[]): void {
    if (userIds.length > 0) this.#run('invite', { userIds: [...userIds] });
  }

  remove(userId: UserId): void {
    this.#run('remove', { userId });
  }

  mute(userId: UserId): void {
    this.#run('mute', { userId });
  }

  lock(locked: boolean): void {
    this.#run('lock', { locked });
  }

  endForEveryone(): void {
    const callId = this.#callId;
    if (callId === null) return;
    this.#deps.runner
      .run('end', callId, {}, () => this.#callId !== callId)
      .catch((error) => this.#failed(callId, error));
  }

  raiseHand(raised: boolean): void {
    this.#run('hand', { raised });
  }

  react(emoji: string): void {
    const callId = this.#callId;
    if (callId !== null) this.#deps.transport.send({ t: 'reaction', callId, emoji });
  }

  say(text: string): void {
    const callId = this.#callId;
    const content = text.trim();
    if (callId === null || content === '') return;
    this.#deps.api.sendCallMessage(callId, content, this.#deps.ids.uuid()).then(
      (message) => this.#keepWords([message]),
      (error) => this.#failed(callId, error),
    );
  }

  admit(knockId: string, admitted: boolean): void {
    const callId = this.#callId;
    const knock = this.#passing.knocks.find(({ id }) => id === knockId);
    if (callId === null || knock === undefined) return;
    this.#become({ ...this.#passing, knocks: this.#passing.knocks.filter((one) => one !== knock) });
    this.#deps.api.admitGuest(knock.linkId, knockId, admitted).catch((error) => this.#failed(callId, error));
  }

  dispose(): void {
    this.#unlisten();
    this.#forget();
  }

  #run<N extends GroupCommandName>(name: N, body: GroupCommands[N]): void {
    const callId = this.#callId;
    if (callId !== null) this.#deps.api.groupCommand(callId, name, body).catch((error) => this.#failed(callId, error));
  }

  #failed(callId: string, error: unknown): void {
    if (callId === this.#callId) this.#deps.failed(callId, toApiError(error).code);
  }

  #heard(message: ServerMessage): void {
    switch (message.t) {
      case 'welcome':
        // What was written while the connection was down was not told.
        if (this.#seated) void this.#readWords();
        return;
      case 'reaction':
        if (message.callId === this.#callId) this.#show(message.userId, message.emoji);
        return;
      case 'call_message':
        if (message.message.callId === this.#callId) this.#keepWords([message.message]);
        return;
      case 'knocks':
        if (message.callId === this.#callId) this.#become({ ...this.#passing, knocks: message.knocks });
        return;
      default:
    }
  }

  #show(userId: UserId, emoji: string): void {
    const { clock, ids } = this.#deps;
    const reaction = { id: ids.uuid(), userId, emoji };
    this.#become({ ...this.#passing, reactions: [...this.#passing.reactions, reaction].slice(-MOST_REACTIONS) });
    const timer = clock.setTimeout(() => {
      this.#timers.delete(timer);
      const reactions = this.#passing.reactions.filter((one) => one !== reaction);
      this.#become({ ...this.#passing, reactions });
    }, REACTION_MS);
    this.#timers.add(timer);
  }

  async #readWords(): Promise<void> {
    const callId = this.#callId;
    if (callId === null) return;
    // A call without its earlier chat is still a call.
    const page = await this.#deps.api.callMessages(callId).catch(() => null);
    if (page !== null && callId === this.#callId) this.#keepWords(page.items);
  }

  #keepWords(added: readonly CallMessage[]): void {
    const known = new Map([...this.#passing.words, ...added].map((message) => [message.id, message]));
    const words = [...known.values()].sort((a, b) => a.createdAt.localeCompare(b.createdAt)).slice(-MOST_WORDS);
    this.#become({ ...this.#passing, words });
  }

  #forget(): void {
    for (const timer of this.#timers) this.#deps.clock.clearTimeout(timer);
    this.#timers.clear();
    if (this.#passing !== NOTHING) this.#become(NOTHING);
  }

  #become(passing: Passing): void {
    this.#passing = passing;
    this.#deps.changed();
  }
}
