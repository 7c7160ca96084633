import type { CallType } from '@parley/domain';
import { isGroupType, isLiveStatus, isSeatedState } from '@parley/domain';
import {
  type CallDelta,
  type CallEventRecord,
  type CallView,
  mergeCallDelta,
  type OtherCalls,
  type ServerMessage,
  type User,
} from '@parley/protocol';
import { ApiError, toApiError } from '../api/api-error.ts';
import type { ParleyApi } from '../api/parley-api.ts';
import type { CommandResult, CommandRunner } from '../commands/command-runner.ts';
import type { DeviceNews } from '../model.ts';
import type { CaptureProblem } from '../ports/capture.ts';
import type { Clock, Ids } from '../ports/platform.ts';
import type { SignallingTransport } from '../ports/signalling-transport.ts';
import type { ServerTime } from '../time/server-time.ts';
import { isCallOf, lossOf } from './apply-view.ts';
import { notice, RING_GRACE_MS } from './change.ts';
import { Departures, type LeaveReason } from './departures.ts';
import { reduceCalls } from './reducer.ts';
import { seatsOf, sitsElsewhere } from './seats.ts';
import { type ActiveEntry, type CallsInput, type CallsState, NO_CALLS, type Self } from './state.ts';
import { viewOfCall } from './view-of-call.ts';

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
  readonly api: Pick<ParleyApi, 'call' | 'callEvents' | 'commandAtLast'>;
  readonly runner: CommandRunner;
  readonly transport: SignallingTransport;
  readonly serverTime: ServerTime;
  readonly clock: Clock;
  readonly ids: Ids;
  changed(): void;
  /** A command is on its way that gives a seat; in which call is not known of a *create*. */
  seating(callId: string | null, answer: Promise<unknown>): void;
  /** A host has turned this person's microphone off. */
  silenced(): void;
}

/** Holds the calls' state, turns taps into commands and what comes of them into inputs of the reducer. */
export class CallDesk {
  readonly #deps: DeskDeps;
  readonly #unlisten: () => void;
  #state: CallsState = NO_CALLS;
  #tick: unknown = null;
  #news = 0;
  /** The newest command that turns from one call to another, while it has no answer. */
  #turning: Promise<void> | null = null;
  readonly #departures: Departures;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
    this.#departures = new Departures({
      ...deps,
      isOver: (callId) => this.#isOver(callId),
      answered: (result) => this.#take(result, false),
      refused: (callId) => this.put({ type: 'refused', command: 'leave', target: callId, code: 'call_ended' }),
    });
    this.#unlisten = deps.transport.onMessage((message) => this.#heard(message));
  }

  get state(): CallsState {
    return this.#state;
  }

  /** The newest view of the active call. */
  get activeView(): CallView | null {
    const callId = this.#state.active?.callId;
    return typeof callId === 'string' ? (this.#state.views.get(callId)?.view ?? null) : null;
  }

  /** Of the calls that are on hold, by their ids. */
  get heldViews(): ReadonlyMap<string, CallView | null> {
    const { held, views } = this.#state;
    return new Map(
      held.flatMap(({ callId }) => (callId === null ? [] : [[callId, views.get(callId)?.view ?? null] as const])),
    );
  }

  identify(self: Self | null): void {
    this.put({ type: 'identified', self });
  }

  put(input: CallsInput): void {
    const before = this.#state;
    const next = reduceCalls(before, input);
    if (next === before) return;
    this.#state = next;
    this.#armTick();
    this.#deps.changed();
    const { active } = next;
    if (active?.returning && active.lane !== before.active?.lane) void this.#comeBack(active);
  }

  /** For `hello`: the newest event of each live call that is known here. */
  versions(): Record<string, number> {
    const live = [...this.#state.views].filter(([, { view }]) => isLiveStatus(view.call.status));
    return Object.fromEntries(live.slice(-50).map(([id, { view }]) => [id, view.call.version]));
  }

  /** Does nothing while there is an active call. */
  async start({ teamId, channelId, callType, people, audioOnly }: StartCall): Promise<void> {
    if (this.#state.active || !this.#state.self) return;
    const { clock } = this.#deps;
    const lane = this.#deps.ids.uuid();
    const tappedAt = clock.now();
    // What is not wanted any more is not sent again. It may have arrived, though: then the call is cancelled when it is heard of.
    const obsolete = () =>
      this.#isAbandoned(lane) || this.#state.active?.callId != null || clock.now() - tappedAt >= CREATE_MS;
    this.put({
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
      await this.#parted(lane);
      // Nothing has been sent: there is nothing that could still come of it.
      if (this.#isAbandoned(lane))
        return this.put({ type: 'refused', command: 'create', target: lane, code: 'network' });
      const body = { teamId, channelId, callType, recipientIds: people.map(({ id }) => id) };
      const created = this.#deps.runner.create(lane, body, obsolete);
      this.#deps.seating(null, created);
      const result = await created;
      const view = this.#viewOf(result, true);
      if (!view) return;
      const abandoned = this.#isAbandoned(lane);
      this.put({ type: 'created', lane, view, partial: result.view === null });
      // Whoever has called the same person again meanwhile finds this very call: then it stays.
      const wanted = this.activeView?.call.id === view.call.id;
      if (abandoned && !wanted && isLiveStatus(view.call.status))
        await this.#departures.go(view.call.id, 'hangup', true);
      // Somebody else was faster in the same channel: then this one goes into their call.
      else if (wanted && !this.#isSeatedIn(view)) await this.#accept(view.call.id, audioOnly);
    } catch (error) {
      const { code, category, status } = toApiError(error);
      const unanswered = category === 'network' || status >= 500;
      this.put({ type: 'refused', command: 'create', target: lane, code, unanswered });
    }
  }

  /** `others`: what becomes of the calls in which the person sits already, on this device or another. One command does both. */
  async accept(callId: string, audioOnly: boolean, others: OtherCalls): Promise<void> {
    // A ring may end while a permission is being asked for: the call that goes on is not given up for nothing.
    if (!this.#state.rings.some((ring) => ring.callId === callId)) return;
    const elsewhere = sitsElsewhere(this.#state, callId);
    this.put({ type: 'accept_tapped', callId, audioOnly, others });
    if (this.#state.active?.callId === callId) await this.#accept(callId, audioOnly, elsewhere ? others : undefined);
  }

  /** Back to a call that is on hold; the active one is held in its place. */
  async resume(callId: string): Promise<void> {
    const { active } = this.#state;
    // What still rings others is not held.
    if (active?.isInitiator && (this.activeView?.call.status ?? 'ringing') === 'ringing') void this.leave('hangup');
    this.put({ type: 'resume_tapped', callId });
    if (this.#state.active?.callId !== callId) return;
    const obsolete = () => this.#isOver(callId) || this.#state.active?.callId !== callId;
    try {
      this.#take(await this.#inTurn(() => this.#deps.runner.run('hold', callId, { onHold: false }, obsolete)), true);
    } catch (error) {
      this.put({ type: 'refused', command: 'resume', target: callId, code: toApiError(error).code });
    }
  }

  /** A call that goes on on another device of the person goes on here; the active one is held. */
  async moveHere(callId: string): Promise<void> {
    const { active } = this.#state;
    // What still rings others is not held.
    if (active?.isInitiator && (this.activeView?.call.status ?? 'ringing') === 'ringing') void this.leave('hangup');
    this.put({ type: 'move_tapped', callId });
    if (this.#state.active?.callId !== callId) return;
    const obsolete = () => this.#isOver(callId) || this.#state.active?.callId !== callId;
    try {
      this.#take(await this.#seating(callId, () => this.#deps.runner.run('move', callId, {}, obsolete)), true);
    } catch (error) {
      this.put({ type: 'refused', command: 'accept', target: callId, code: toApiError(error).code });
    }
  }

  async leaveHeld(callId: string): Promise<void> {
    if (!this.#state.held.some((entry) => entry.callId === callId)) return;
    this.put({ type: 'leave_held_tapped', callId, now: this.#deps.serverTime.now() });
    await this.#departures.go(callId, 'hangup', false);
  }

  /** Gives up every call in which the person sits, on whatever device. */
  endAll(): void {
    void this.leave('hangup');
    for (const { callId } of this.#state.held) if (callId !== null) void this.leaveHeld(callId);
    for (const { view, here } of seatsOf(this.#state))
      if (!here) void this.#departures.go(view.call.id, 'hangup', false);
  }

  /** Does nothing while there is an active call. */
  async join({ callId, teamId, channelId, callType, audioOnly }: JoinCall): Promise<void> {
    if (this.#state.active || !this.#state.self) return;
    this.put({
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

  async #accept(callId: string, audioOnly: boolean, others?: OtherCalls): Promise<void> {
    const obsolete = () => this.#isOver(callId);
    const body = { ...(audioOnly ? { audioOnly } : {}), ...(others ? { others } : {}) };
    try {
      this.#take(await this.#seating(callId, () => this.#deps.runner.run('accept', callId, body, obsolete)), true);
    } catch (error) {
      const { code } = toApiError(error);
      this.put({ type: 'refused', command: 'accept', target: callId, code });
      // Hung up before it arrived: the calls that it was to end are ended by nothing else, and nobody sees any more that one sits there.
      if (this.#state.active?.callId !== callId) for (const ending of this.#state.ending) void this.leaveHeld(ending);
      if (code === 'call_ended' || code === 'not_ringing') await this.#look(callId);
    }
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

  /** Into a group whose seat was lost, if that was nobody's wish. */
  async #comeBack({ lane, callId, audioOnly }: ActiveEntry): Promise<void> {
    const { self } = this.#state;
    if (callId === null || !self) return;
    const version = this.#state.views.get(callId)?.view.call.version ?? 0;
    const loss = await this.#deps.api.callEvents(callId, Math.max(0, version - RECENT_EVENTS)).then(
      (events) => lossOf(events, self.user.id),
      () => null,
    );
    if (this.#state.active?.lane !== lane) return;
    const by = loss?.by ?? 'dropped';
    // Whoever opens a laptop hours later does not expect to be seen and heard at once.
    const isRecent = loss !== null && this.#deps.serverTime.now() - loss.at < COME_BACK_MS;
    // Who talks in another call meanwhile is not taken out of it by a device that woke up.
    if (by === 'dropped' && isRecent && !this.#talksElsewhere(callId)) await this.#accept(callId, audioOnly);
    else this.put({ type: 'lost', callId, by });
  }

  #talksElsewhere(callId: string): boolean {
    const { leaving } = this.#state;
    return seatsOf(this.#state).some(({ view: { call }, onHold }) => {
      return call.id !== callId && !onHold && !leaving.has(call.id);
    });
  }

  async decline(callId: string): Promise<void> {
    this.put({ type: 'decline_tapped', callId });
    try {
      this.#take(await this.#deps.runner.run('decline', callId, {}, () => this.#isOver(callId)), false);
    } catch (error) {
      this.put({ type: 'refused', command: 'decline', target: callId, code: toApiError(error).code });
    }
  }

  /** Cancels while it rings, leaves otherwise: a tap on the red button, whatever the server has come to meanwhile. */
  async leave(reason: LeaveReason): Promise<void> {
    const { active } = this.#state;
    if (!active) return;
    const cancels = active.isInitiator && (this.activeView?.call.status ?? 'ringing') === 'ringing';
    this.put({ type: 'leave_tapped', reason, now: this.#deps.serverTime.now() });
    // Without an id there is nothing to leave yet: the answer to *create* will be followed by a cancel.
    if (active.callId !== null) await this.#departures.go(active.callId, reason, cancels);
  }

  /**
   * The person goes, and takes the connection along: said once over it, as long as it is open, and no answer is waited for. Otherwise
   * the others would wait for a lease to run out. While it rings the server takes it for a cancel.
   */
  sayFarewell(): void {
    const { ids, transport } = this.#deps;
    for (const { view, here } of seatsOf(this.#state)) {
      const { id } = view.call;
      if (!here || this.#state.leaving.has(id)) continue;
      transport.send({ t: 'command', id: ids.uuid(), name: 'leave', callId: id, body: { reason: 'hangup' } });
    }
  }

  /**
   * The page is left while it rings at somebody, who would ring on for half a minute and answer nobody. No time is left in which an
   * answer could be waited for, nor in which it would be told whether the page comes back: a reload takes the ring back too.
   * A hang-up that has no answer goes out once more as well.
   */
  withdraw(): void {
    const { self, leaving } = this.#state;
    this.#departures.sayAtLast();
    for (const { view, here } of seatsOf(this.#state)) {
      const { id, status, callType, initiatorId } = view.call;
      const isOwnRing = here && status === 'ringing' && initiatorId === self?.user.id && !isGroupType(callType);
      if (isOwnRing && !leaving.has(id))
        this.#deps.api.commandAtLast(id, 'cancel', {}, this.#deps.ids.uuid()).catch(() => undefined);
    }
  }

  dispose(): void {
    this.#unlisten();
    this.#deps.clock.clearTimeout(this.#tick);
  }

  /**
   * Resolves when what this create would find is hung up. A hang-up that has to be repeated could be overtaken by it: the pair, or the
   * channel, would be found in the old call still, and what was meant as a new one would end with it.
   */
  async #parted(lane: string): Promise<void> {
    const { active, views } = this.#state;
    if (active?.lane !== lane) return;
    const isLike = (callId: string) => {
      const view = views.get(callId)?.view;
      return (
        view !== undefined && isGroupType(view.call.callType) === isGroupType(active.callType) && isCallOf(active, view)
      );
    };
    await this.#departures.settled(isLike, CREATE_MS);
  }

  #heard(message: ServerMessage): void {
    const now = this.#deps.serverTime.now();
    switch (message.t) {
      case 'welcome':
        this.#hear({ type: 'welcome', welcome: message, now });
        for (const { callId, ringId } of message.rings) this.#ready(callId, ringId);
        this.#checkActive(message);
        break;
      case 'call':
        this.#hear({ type: 'view', view: message.view, events: message.events });
        this.#lookForMute(message.view, message.events);
        break;
      case 'call_delta':
        this.#hearDelta(message);
        break;
      case 'ring':
        this.put({ type: 'ring', ring: message.ring, now });
        this.#ready(message.ring.callId, message.ring.ringId);
        break;
      case 'inbox':
        this.put({ type: 'inbox', item: message.item });
        break;
      default:
    }
  }

  /** What is to be left now without a tap was made by a create that had been given up. */
  #hear(input: CallsInput): void {
    const before = this.#state.leaving;
    this.put(input);
    for (const callId of this.#state.leaving) if (!before.has(callId)) void this.#departures.go(callId, 'hangup', true);
  }

  /**
   * What is different in a call of many. Of one that is not known here its whole view is on its way, or it concerns nobody here; but
   * where one rings, it has to be heard that it was answered elsewhere.
   */
  #hearDelta(delta: CallDelta): void {
    const me = this.#state.self?.user.id;
    const { id } = delta.view.call;
    const known = this.#state.views.get(id)?.view;
    if (known === undefined && this.#state.rings.some(({ callId }) => callId === id)) {
      this.#deps.transport.send({ t: 'resume', callId: id, after: delta.from });
    }
    if (me === undefined || known === undefined) return;
    const view = mergeCallDelta(known, delta, me);
    if (view === null) {
      this.#deps.transport.send({ t: 'resume', callId: known.call.id, after: known.call.version });
    } else if (view !== known) {
      const events = delta.own?.events ?? [];
      this.#hear({ type: 'view', view, events });
      this.#lookForMute(view, events);
    }
  }

  /** Told once: whoever is muted may turn the microphone on again. */
  #lookForMute(view: CallView, events: readonly CallEventRecord[]): void {
    const me = this.#state.self?.user.id;
    if (view.call.id !== this.#state.active?.callId) return;
    if (!events.some(({ type, data }) => type === 'muted' && data.userId === me)) return;
    this.#deps.silenced();
    this.put({ type: 'noticed', notice: notice('muted', view.call.id) });
  }

  #ready(callId: string, ringId: string): void {
    const shown = this.#state.rings.some((ring) => ring.ringId === ringId);
    if (shown) this.#deps.transport.send({ t: 'ready', callId, ringId });
  }

  /** A welcome that does not name the active call: it has ended, or belongs to nobody any more. */
  #checkActive(welcome: Extract<ServerMessage, { t: 'welcome' }>): void {
    const callId = this.#state.active?.callId;
    if (typeof callId !== 'string') return;
    if (![...welcome.calls, ...welcome.ended].some(({ call }) => call.id === callId)) void this.#look(callId);
  }

  async #look(callId: string): Promise<void> {
    const { self } = this.#state;
    if (!self) return;
    try {
      const call = await this.#deps.api.call(callId);
      this.put({ type: 'view', view: viewOfCall(call, self, false), events: [], partial: true });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.put({ type: 'gone', callId });
    }
  }

  #take(result: CommandResult, seated: boolean): void {
    const view = this.#viewOf(result, seated);
    if (view) this.put({ type: 'view', view, events: [], partial: result.view === null });
  }

  #viewOf(result: CommandResult, seated: boolean): CallView | null {
    const { self } = this.#state;
    return result.view ?? (self && viewOfCall(result.call, self, seated));
  }

  #isSeatedIn({ call }: CallView): boolean {
    const own = call.participants.find(({ userId }) => userId === this.#state.self?.user.id);
    return !isLiveStatus(call.status) || (own !== undefined && isSeatedState(own.state));
  }

  /** The person has cancelled before the server answered. */
  #isAbandoned(lane: string): boolean {
    return this.#state.active?.lane !== lane;
  }

  #isOver(callId: string): boolean {
    const known = this.#state.views.get(callId)?.view.call.status;
    return known !== undefined && !isLiveStatus(known);
  }

  noticeMediaProblem(callId: string, code: string): void {
    this.put({ type: 'noticed', notice: notice('media_problem', callId, code) });
  }

  /** No screen is shared: nothing else has changed. */
  noticeShare(problem: CaptureProblem): void {
    this.put({ type: 'noticed', notice: notice('share_refused', problem) });
  }

  /** Something that was wished for in a call did not come about. */
  noticeFailure(callId: string, code: string): void {
    this.put({ type: 'noticed', notice: notice('command_failed', callId, code) });
  }

  noticeDevice(device: DeviceNews): void {
    this.#news += 1;
    const id = `device:${device.role}:${this.#news}`;
    // What was said of it before is of no matter any more.
    for (const old of this.#state.notices.filter((one) => one.device?.role === device.role)) {
      this.put({ type: 'notice_dismissed', id: old.id });
    }
    this.put({ type: 'noticed', notice: { id, kind: 'device', code: null, device } });
  }

  /** At the moment at which the next ring has to be hidden. */
  #armTick(): void {
    const { clock, serverTime } = this.#deps;
    clock.clearTimeout(this.#tick);
    this.#tick = null;
    const due = Math.min(...this.#state.rings.map((ring) => Date.parse(ring.expiresAt) + RING_GRACE_MS));
    if (!Number.isFinite(due)) return;
    this.#tick = clock.setTimeout(
      () => this.put({ type: 'tick', now: serverTime.now() }),
      Math.max(0, due - serverTime.now()) + 1,
    );
  }
}
