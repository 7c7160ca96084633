import { isLiveStatus } from '@parley/domain';
import type { CallView } from '@parley/protocol';
import { seatKey } from './session.ts';

export interface Instance {
  readonly userId: string;
  readonly deviceId: string;
  readonly instanceId: string;
}

interface Entry {
  view: CallView;
  /** Ringing instances that said they can take part, by seat key. Nobody for whom it rings no more. */
  readonly ready: Map<string, Instance>;
}

/** For whom it rings: in a group that may be while others talk. */
const rungIn = ({ call }: CallView): ReadonlySet<string> =>
  new Set(call.participants.filter((p) => p.state === 'ringing').map((p) => p.userId));

/** So many ended calls are remembered, lest a late view of one brings it back. */
const ENDED_KEPT = 2000;

/**
 * The live calls as they were last published: what the relay, presence and leases look at, so that none of them asks
 * the database for each message.
 */
export class LiveCalls {
  readonly #calls = new Map<string, Entry>();
  /** Call ids by the seat key of whoever sits there. */
  readonly #seats = new Map<string, Set<string>>();
  readonly #seatsOfUser = new Map<string, number>();
  readonly #ended = new Set<string>();

  get size(): number {
    return this.#calls.size;
  }

  get(callId: string): CallView | undefined {
    return this.#calls.get(callId)?.view;
  }

  /** Its end was heard of: a view in which it lives is old news. */
  isOver(callId: string): boolean {
    return this.#ended.has(callId);
  }

  /** Takes a view unless it is old news. @returns the people who gained or lost a seat by it. */
  apply(view: CallView): ReadonlySet<string> {
    const { id, status, version } = view.call;
    const entry = this.#calls.get(id);
    if (this.#ended.has(id) || (entry && entry.view.call.version > version)) return new Set();
    const touched = new Set<string>();
    const before = new Map((entry?.view.seats ?? []).map((seat) => [seatKey(seat), seat]));
    if (!isLiveStatus(status)) {
      for (const seat of before.values()) this.#unseat(id, seat, touched);
      this.#calls.delete(id);
      this.#remember(id);
      return touched;
    }
    // Of a call of many, few seats change with each event.
    for (const seat of view.seats) if (!before.delete(seatKey(seat))) this.#seat(id, seat, touched);
    for (const seat of before.values()) this.#unseat(id, seat, touched);
    if (entry) {
      entry.view = view;
      const rung = rungIn(view);
      for (const [key, { userId }] of entry.ready) if (!rung.has(userId)) entry.ready.delete(key);
    } else this.#calls.set(id, { view, ready: new Map() });
    return touched;
  }

  inCall(userId: string): boolean {
    return this.#seatsOfUser.has(userId);
  }

  holdsSeat(who: { readonly userId: string; readonly instanceId: string }): boolean {
    return this.#seats.has(seatKey(who));
  }

  hasSeatIn(callId: string, who: { readonly userId: string; readonly instanceId: string }): boolean {
    return this.#seats.get(seatKey(who))?.has(callId) ?? false;
  }

  callsOf(who: { readonly userId: string; readonly instanceId: string }): readonly string[] {
    return [...(this.#seats.get(seatKey(who)) ?? [])];
  }

  /** False when the call does not ring for them. */
  markReady(callId: string, instance: Instance): boolean {
    const entry = this.#calls.get(callId);
    if (!entry || !rungIn(entry.view).has(instance.userId)) return false;
    entry.ready.set(seatKey(instance), instance);
    return true;
  }

  readyIn(callId: string): readonly Instance[] {
    return [...(this.#calls.get(callId)?.ready.values() ?? [])];
  }

  /** The instance's socket is gone: it says `ready` again when it is back. */
  forgetReady(instance: { readonly userId: string; readonly instanceId: string }): void {
    const key = seatKey(instance);
    for (const entry of this.#calls.values()) entry.ready.delete(key);
  }

  /** Seat or ready ring of this instance in the call. */
  find(callId: string, instanceId: string): { readonly instance: Instance; readonly role: 'seat' | 'ready' } | null {
    const entry = this.#calls.get(callId);
    const seat = entry?.view.seats.find((s) => s.instanceId === instanceId);
    if (seat) return { instance: seat, role: 'seat' };
    for (const instance of entry?.ready.values() ?? []) {
      if (instance.instanceId === instanceId) return { instance, role: 'ready' };
    }
    return null;
  }

  #seat(callId: string, seat: Instance, touched: Set<string>): void {
    const key = seatKey(seat);
    const calls = this.#seats.get(key);
    if (calls) calls.add(callId);
    else this.#seats.set(key, new Set([callId]));
    this.#seatsOfUser.set(seat.userId, (this.#seatsOfUser.get(seat.userId) ?? 0) + 1);
    touched.add(seat.userId);
  }

  #unseat(callId: string, seat: Instance, touched: Set<string>): void {
    const key = seatKey(seat);
    const calls = this.#seats.get(key);
    if (calls?.delete(callId) && calls.size === 0) this.#seats.delete(key);
    const left = (this.#seatsOfUser.get(seat.userId) ?? 1) - 1;
    if (left > 0) this.#seatsOfUser.set(seat.userId, left);
    else this.#seatsOfUser.delete(seat.userId);
    touched.add(seat.userId);
  }

  #remember(callId: string): void {
    this.#ended.add(callId);
    if (this.#ended.size <= ENDED_KEPT) return;
    const oldest = this.#ended.values().next();
    if (!oldest.done) this.#ended.delete(oldest.value);
  }
}
