import type { CallType } from '@parley/domain';
import { isLiveStatus, isSeatedState } from '@parley/domain';
import type { CallView, OtherCalls, User } from '@parley/protocol';
import { toApiError } from '../api/api-error.ts';
import type { ParleyApi } from '../api/parley-api.ts';
import type { CommandResult, CommandRunner } from '../commands/command-runner.ts';
import type { Clock, Ids } from '../ports/platform.ts';
import type { ServerTime } from '../time/server-time.ts';
import { lossOf } from './apply-view.ts';
import type { CallStore } from './call-store.ts';
import type { Parting } from './parting.ts';
import { seatsOf, sitsElsewhere } from './seats.ts';
import type { ActiveEntry } from './state.ts';

export interface StartCall {
  readonly teamId: string;
  /** The direct channel of the two, if it is known. */
  readonly channelId: string | null;
  readonly callType: CallType;
  /** Whom to call; of a group nobody has to be rung. */
  readonly people: readonly User[];
  /** Camera off from the start, though it is a video call. */
  readonly audioOnly: boolean;
}

/** A call that goes on, and that one was not rung for, or has left. */
export interface JoinCall extends Omit<StartCall, 'people'> {
  readonly callId: string;
}

/**
 * A call that could not be made for so long, in milliseconds, is not made any more: whoever tapped has given it up, or would be
 * startled to hear somebody answer. It is less than a ring lasts.
 */
const CREATE_MS = 20_000;

/** In how many of the newest events it is looked up why a seat was lost. */
const RECENT_EVENTS = 200;

/** For how long after the lease ran out a group is come back to by itself, in milliseconds. */
const COME_BACK_MS = 5 * 60_000;

interface DeskDeps {
  readonly calls: CallStore;
  readonly parting: Parting;
  readonly api: Pick<ParleyApi, 'callEvents'>;
  readonly runner: CommandRunner;
  readonly serverTime: ServerTime;
  readonly clock: Clock;
  readonly ids: Ids;
  /** A command is on its way that gives a seat; in which call is not known of a *create*. */
  seating(callId: string | null, answer: Promise<unknown>): void;
  /** Asks what has become of a call. */
  look(callId: string): Promise<void>;
}

/** The ways into calls: turns taps into commands, and what comes of them into inputs of the store. */
export class CallDesk {
  readonly #deps: DeskDeps;
  /** The newest command that turns from one call to another, while it has no answer. */
  #turning: Promise<void> | null = null;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  /** Does nothing while there is an active call. */
  async start({ teamId, channelId, callType, people, audioOnly }: StartCall): Promise<void> {
    const { calls, parting, clock } = this.#deps;
    if (calls.state.active || !calls.state.self) return;
    const lane = this.#deps.ids.uuid();
    const tappedAt = clock.now();
    // What is not wanted any more is not sent again. It may have arrived, though: then the call is cancelled when it is heard of.
    const obsolete = () =>
      this.#isAbandoned(lane) || calls.state.active?.callId != null || clock.now() - tappedAt >= CREATE_MS;
    calls.put({
      type: 'start_tapped',
      entry: {
        lane,
        callId: null,
        callType,
        isInitiator: true,
        teamId,
        channelId,
        people,
        audioOnly,
        restored: false,
        seated: false,
        unheld: true,
        turnedFrom: null,
      },
    });
    try {
      await parting.settled(lane, CREATE_MS);
      // Nothing has been sent: there is nothing that could still come of it.
      if (this.#isAbandoned(lane))
        return calls.put({ type: 'refused', command: 'create', target: lane, code: 'network' });
      const body = { teamId, channelId, callType, recipientIds: people.map(({ id }) => id) };
      const created = this.#deps.runner.create(lane, body, obsolete);
      this.#deps.seating(null, created);
      const result = await created;
      const view = calls.viewOf(result, true);
      if (!view) return;
      const abandoned = this.#isAbandoned(lane);
      calls.put({ type: 'created', lane, view, partial: result.view === null });
      // Whoever has called the same person again meanwhile finds this very call: then it stays.
      const wanted = calls.activeView?.call.id === view.call.id;
      if (abandoned && !wanted && isLiveStatus(view.call.status)) await parting.cancelAbandoned(view.call.id);
      // Somebody else was faster in the same channel: then this one goes into their call.
      else if (wanted && !this.#isSeatedIn(view)) await this.#accept(view.call.id, audioOnly);
    } catch (error) {
      const { code, category, status } = toApiError(error);
      const unanswered = category === 'network' || status >= 500;
      calls.put({ type: 'refused', command: 'create', target: lane, code, unanswered });
    }
  }

  /** `others`: what becomes of the calls in which the person sits already, on this device or another. One command does both. */
  async accept(callId: string, audioOnly: boolean, others: OtherCalls): Promise<void> {
    const { calls } = this.#deps;
    // A ring may end while a permission is being asked for: the call that goes on is not given up for nothing.
    if (!calls.state.rings.some((ring) => ring.callId === callId)) return;
    const elsewhere = sitsElsewhere(calls.state, callId);
    calls.put({ type: 'accept_tapped', callId, audioOnly, others });
    if (calls.state.active?.callId === callId) await this.#accept(callId, audioOnly, elsewhere ? others : undefined);
  }

  /** Back to a call that is on hold; the active one is held in its place. */
  async resume(callId: string): Promise<void> {
    const { calls } = this.#deps;
    this.#endOwnRing();
    calls.put({ type: 'resume_tapped', callId });
    if (calls.state.active?.callId !== callId) return;
    const obsolete = () => calls.isOver(callId) || calls.state.active?.callId !== callId;
    try {
      calls.take(await this.#inTurn(() => this.#deps.runner.run('hold', callId, { onHold: false }, obsolete)), true);
    } catch (error) {
      calls.put({ type: 'refused', command: 'resume', target: callId, code: toApiError(error).code });
    }
  }

  /** A call that goes on on another device of the person goes on here; the active one is held. */
  async moveHere(callId: string): Promise<void> {
    const { calls } = this.#deps;
    this.#endOwnRing();
    calls.put({ type: 'move_tapped', callId });
    if (calls.state.active?.callId !== callId) return;
    const obsolete = () => calls.isOver(callId) || calls.state.active?.callId !== callId;
    try {
      calls.take(await this.#seating(callId, () => this.#deps.runner.run('move', callId, {}, obsolete)), true);
    } catch (error) {
      calls.put({ type: 'refused', command: 'accept', target: callId, code: toApiError(error).code });
    }
  }

  /** Does nothing while there is an active call. */
  async join({ callId, teamId, channelId, callType, audioOnly }: JoinCall): Promise<void> {
    const { calls } = this.#deps;
    if (calls.state.active || !calls.state.self) return;
    calls.put({
      type: 'join_tapped',
      entry: {
        lane: callId,
        callId,
        callType,
        isInitiator: false,
        teamId,
        channelId,
        people: [],
        audioOnly,
        restored: false,
        seated: false,
        unheld: true,
        turnedFrom: null,
      },
    });
    await this.#accept(callId, audioOnly);
  }

  async decline(callId: string): Promise<void> {
    const { calls } = this.#deps;
    calls.put({ type: 'decline_tapped', callId });
    try {
      calls.take(await this.#deps.runner.run('decline', callId, {}, () => calls.isOver(callId)), false);
    } catch (error) {
      calls.put({ type: 'refused', command: 'decline', target: callId, code: toApiError(error).code });
    }
  }

  /** Into a group whose seat was lost, if that was nobody's wish. */
  async comeBack({ lane, callId, audioOnly }: ActiveEntry): Promise<void> {
    const { calls } = this.#deps;
    const { self } = calls.state;
    if (callId === null || !self) return;
    const version = calls.state.views.get(callId)?.view.call.version ?? 0;
    const loss = await this.#deps.api.callEvents(callId, Math.max(0, version - RECENT_EVENTS)).then(
      (events) => lossOf(events, self.user.id),
      () => null,
    );
    if (calls.state.active?.lane !== lane) return;
    const by = loss?.by ?? 'dropped';
    // Whoever opens a laptop hours later does not expect to be seen and heard at once.
    const isRecent = loss !== null && this.#deps.serverTime.now() - loss.at < COME_BACK_MS;
    // Who talks in another call meanwhile is not taken out of it by a device that woke up.
    if (by === 'dropped' && isRecent && !this.#talksElsewhere(callId)) await this.#accept(callId, audioOnly);
    else calls.put({ type: 'lost', callId, by });
  }

  async #accept(callId: string, audioOnly: boolean, others?: OtherCalls): Promise<void> {
    const { calls, parting } = this.#deps;
    const obsolete = () => calls.isOver(callId);
    const body = { ...(audioOnly ? { audioOnly } : {}), ...(others ? { others } : {}) };
    try {
      calls.take(await this.#seating(callId, () => this.#deps.runner.run('accept', callId, body, obsolete)), true);
    } catch (error) {
      const { code } = toApiError(error);
      calls.put({ type: 'refused', command: 'accept', target: callId, code });
      // Hung up before it arrived: the calls that it was to end are ended by nothing else, and nobody sees any more that one sits there.
      if (calls.state.active?.callId !== callId)
        for (const ending of calls.state.ending) void parting.leaveHeld(ending);
      if (code === 'call_ended' || code === 'not_ringing') await this.#deps.look(callId);
    }
  }

  /** What still rings others is not held. */
  #endOwnRing(): void {
    const { calls, parting } = this.#deps;
    if (calls.ringsOthers) void parting.leave('hangup');
  }

  #seating(callId: string, command: () => Promise<CommandResult>): Promise<CommandResult> {
    const answer = this.#inTurn(command);
    this.#deps.seating(callId, answer);
    return answer;
  }

  /**
   * Each command that turns to one call from the others waits for the answer to the one before. The server carries out commands upon
   * different calls side by side: the earlier tap would otherwise be the last to turn, and hold what was wanted after it.
   */
  async #inTurn<T>(command: () => Promise<T>): Promise<T> {
    const before = this.#turning;
    const mine = before === null ? command() : before.then(command);
    const done = mine.then(
      () => undefined,
      () => undefined,
    );
    this.#turning = done;
    try {
      return await mine;
    } finally {
      if (this.#turning === done) this.#turning = null;
    }
  }

  #talksElsewhere(callId: string): boolean {
    const { calls } = this.#deps;
    const { leaving } = calls.state;
    return seatsOf(calls.state).some(({ view: { call }, onHold }) => {
      return call.id !== callId && !onHold && !leaving.has(call.id);
    });
  }

  #isSeatedIn({ call }: CallView): boolean {
    const { calls } = this.#deps;
    const own = call.participants.find(({ userId }) => userId === calls.state.self?.user.id);
    return !isLiveStatus(call.status) || (own !== undefined && isSeatedState(own.state));
  }

  /** The person has cancelled before the server answered. */
  #isAbandoned(lane: string): boolean {
    const { calls } = this.#deps;
    return calls.state.active?.lane !== lane;
  }
}
