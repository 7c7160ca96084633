import { isLiveStatus } from '@parley/domain';
import type { CallView } from '@parley/protocol';
import type { CommandResult } from '../commands/command-runner.ts';
import type { Clock } from '../ports/platform.ts';
import type { ServerTime } from '../time/server-time.ts';
import { RING_GRACE_MS } from './change.ts';
import { reduceCalls } from './reducer.ts';
import { type ActiveEntry, type CallsInput, type CallsState, NO_CALLS, type Self } from './state.ts';
import { viewOfCall } from './view-of-call.ts';

interface Deps {
  readonly serverTime: ServerTime;
  readonly clock: Clock;
  changed(): void;
  /** The seat in this group was lost, and not by anybody's wish as far as is known here. */
  returning(entry: ActiveEntry): void;
}

/** Holds the calls' state, which nothing changes but inputs of the reducer. */
export class CallStore {
  readonly #deps: Deps;
  #state: CallsState = NO_CALLS;
  #tick: unknown = null;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  get state(): CallsState {
    return this.#state;
  }

  /** The newest view of the active call. */
  get activeView(): CallView | null {
    const callId = this.#state.active?.callId;
    return typeof callId === 'string' ? (this.#state.views.get(callId)?.view ?? null) : null;
  }

  /** The active call was placed here, and nobody has answered it as far as is known. */
  get ringsOthers(): boolean {
    return this.#state.active?.isInitiator === true && (this.activeView?.call.status ?? 'ringing') === 'ringing';
  }

  /** Of the calls that are on hold, by their ids. */
  get heldViews(): ReadonlyMap<string, CallView | null> {
    const { held, views } = this.#state;
    return new Map(
      held.flatMap(({ callId }) => (callId === null ? [] : [[callId, views.get(callId)?.view ?? null] as const])),
    );
  }

  isOver(callId: string): boolean {
    const known = this.#state.views.get(callId)?.view.call.status;
    return known !== undefined && !isLiveStatus(known);
  }

  /** For `hello`: the newest event of each live call that is known here. */
  versions(): Record<string, number> {
    const live = [...this.#state.views].filter(([, { view }]) => isLiveStatus(view.call.status));
    return Object.fromEntries(live.slice(-50).map(([id, { view }]) => [id, view.call.version]));
  }

  identify(self: Self | null): void {
    this.put({ type: 'identified', self });
  }

  put(input: CallsInput): void {
    const before = this.#state;
    const next = reduceCalls(before, input);
    if (next === before) return;
    this.#state = next;
    const { clock, serverTime } = this.#deps;
    clock.clearTimeout(this.#tick);
    const due = firstRingEnd(next);
    const tick = () => this.put({ type: 'tick', now: serverTime.now() });
    const wait = Math.max(0, due - serverTime.now()) + 1;
    this.#tick = Number.isFinite(due) ? clock.setTimeout(tick, wait) : null;
    this.#deps.changed();
    const { active } = next;
    if (active?.returning && active.lane !== before.active?.lane) this.#deps.returning(active);
  }

  /** What a command came to. */
  take(result: CommandResult, seated: boolean): void {
    const view = this.viewOf(result, seated);
    if (view) this.put({ type: 'view', view, events: [], partial: result.view === null });
  }

  viewOf(result: CommandResult, seated: boolean): CallView | null {
    const { self } = this.#state;
    return result.view ?? (self && viewOfCall(result.call, self, seated));
  }

  dispose(): void {
    this.#deps.clock.clearTimeout(this.#tick);
  }
}

/** When the first of what rings has to be hidden, by the server's clock. */
const firstRingEnd = ({ rings }: CallsState): number =>
  Math.min(...rings.map((ring) => Date.parse(ring.expiresAt) + RING_GRACE_MS));
