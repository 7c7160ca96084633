import { isGroupType } from '@parley/domain';
import type { ParleyApi } from '../api/parley-api.ts';
import type { CommandRunner } from '../commands/command-runner.ts';
import type { Clock, Ids } from '../ports/platform.ts';
import type { SignallingTransport } from '../ports/signalling-transport.ts';
import type { ServerTime } from '../time/server-time.ts';
import { isCallOf } from './apply-view.ts';
import type { CallStore } from './call-store.ts';
import { Departures, type LeaveReason } from './departures.ts';
import { seatsOf } from './seats.ts';

interface Deps {
  readonly calls: CallStore;
  readonly api: Pick<ParleyApi, 'commandAtLast'>;
  readonly runner: CommandRunner;
  readonly transport: SignallingTransport;
  readonly serverTime: ServerTime;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** The ways out of calls: a tap, a create that was given up, and the end of the page or of the session. */
export class Parting {
  readonly #deps: Deps;
  readonly #departures: Departures;

  constructor(deps: Deps) {
    const { calls } = deps;
    this.#deps = deps;
    this.#departures = new Departures({
      ...deps,
      isOver: (callId) => calls.isOver(callId),
      answered: (result) => calls.take(result, false),
      refused: (callId) => calls.put({ type: 'refused', command: 'leave', target: callId, code: 'call_ended' }),
    });
  }

  /** Cancels while it rings, leaves otherwise: a tap on the red button, whatever the server has come to meanwhile. */
  async leave(reason: LeaveReason): Promise<void> {
    const { calls, serverTime } = this.#deps;
    const { active } = calls.state;
    if (!active) return;
    const cancels = calls.ringsOthers;
    calls.put({ type: 'leave_tapped', reason, now: serverTime.now() });
    // Without an id there is nothing to leave yet: the answer to *create* will be followed by a cancel.
    if (active.callId !== null) await this.#departures.go(active.callId, reason, cancels);
  }

  async leaveHeld(callId: string): Promise<void> {
    const { calls, serverTime } = this.#deps;
    if (!calls.state.held.some((entry) => entry.callId === callId)) return;
    calls.put({ type: 'leave_held_tapped', callId, now: serverTime.now() });
    await this.#departures.go(callId, 'hangup', false);
  }

  /** Gives up every call in which the person sits, on whatever device. */
  endAll(): void {
    const { calls } = this.#deps;
    void this.leave('hangup');
    for (const { callId } of calls.state.held) if (callId !== null) void this.leaveHeld(callId);
    for (const { view, here } of seatsOf(calls.state))
      if (!here) void this.#departures.go(view.call.id, 'hangup', false);
  }

  /** A call came of a create that had been given up. */
  cancelAbandoned(callId: string): Promise<void> {
    return this.#departures.go(callId, 'hangup', true);
  }

  /**
   * Resolves when what the create of this lane would find is hung up. A hang-up that has to be repeated could be overtaken by it: the pair,
   * or the channel, would be found in the old call still, and what was meant as a new one would end with it.
   */
  async settled(lane: string, withinMs: number): Promise<void> {
    const { active, views } = this.#deps.calls.state;
    if (active?.lane !== lane) return;
    const isLike = (callId: string) => {
      const view = views.get(callId)?.view;
      return (
        view !== undefined && isGroupType(view.call.callType) === isGroupType(active.callType) && isCallOf(active, view)
      );
    };
    await this.#departures.settled(isLike, withinMs);
  }

  /**
   * The person goes, and takes the connection along: said once over it, as long as it is open, and no answer is waited for. Otherwise
   * the others would wait for a lease to run out. While it rings the server takes it for a cancel.
   */
  sayFarewell(): void {
    const { calls, ids, transport } = this.#deps;
    for (const { view, here } of seatsOf(calls.state)) {
      const { id } = view.call;
      if (!here || calls.state.leaving.has(id)) continue;
      transport.send({ t: 'command', id: ids.uuid(), name: 'leave', callId: id, body: { reason: 'hangup' } });
    }
  }

  /**
   * The page is left while it rings at somebody, who would ring on for half a minute and answer nobody. No time is left in which an
   * answer could be waited for, nor in which it would be told whether the page comes back: a reload takes the ring back too.
   * A hang-up that has no answer goes out once more as well.
   */
  withdraw(): void {
    const { api, calls, ids } = this.#deps;
    const { self, leaving } = calls.state;
    this.#departures.sayAtLast();
    for (const { view, here } of seatsOf(calls.state)) {
      const { id, status, callType, initiatorId } = view.call;
      const isOwnRing = here && status === 'ringing' && initiatorId === self?.user.id && !isGroupType(callType);
      if (isOwnRing && !leaving.has(id)) api.commandAtLast(id, 'cancel', {}, ids.uuid()).catch(() => undefined);
    }
  }
}
