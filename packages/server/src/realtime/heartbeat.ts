import type { Logger } from '../ports/logger.ts';
import type { Settings } from '../ports/settings.ts';
import type { Timers } from '../ports/timers.ts';
import type { CallUseCases } from '../usecases/types.ts';
import type { LiveCalls } from './live-calls.ts';
import type { Registry } from './registry.ts';
import { type Session, seatKey } from './session.ts';

export interface HeartbeatDeps {
  readonly registry: Registry;
  readonly live: LiveCalls;
  readonly calls: CallUseCases;
  readonly settings: Settings;
  readonly timers: Timers;
  readonly now: () => number;
  /** By the server's clock, for the wire. */
  readonly serverTime: () => string;
  /** Nothing was heard of this socket for a lease's length. */
  readonly onSilent: (session: Session) => void;
  readonly log: Logger;
}

/** Pings every socket, and renews the leases of the seats that answered: one statement for each beat, however many. */
export class Heartbeat {
  readonly #deps: HeartbeatDeps;
  readonly #signs = new Map<string, { readonly userId: string; readonly instanceId: string; at: number }>();
  #n = 0;
  #beatAt: number;
  #timer: unknown = null;

  constructor(deps: HeartbeatDeps) {
    this.#deps = deps;
    this.#beatAt = deps.now();
    this.#arm();
  }

  stop(): void {
    if (this.#timer !== null) this.#deps.timers.clearTimeout(this.#timer);
    this.#timer = null;
  }

  pong(session: Session, n: number, flowing: readonly string[]): void {
    if (n > this.#n) return;
    session.lastPongAt = this.#deps.now();
    if (this.#deps.live.holdsSeat(session.actor)) this.#sign(session.actor);
    // A device that named no instance in its command counts as one, which its socket keeps alive.
    const device = { userId: session.user.id, instanceId: session.deviceId };
    if (this.#deps.live.holdsSeat(device)) this.#sign(device);
    for (const callId of flowing) this.#flows(session, callId);
  }

  /** Media that arrives shows that the other side lives, even when its own socket is cut. */
  #flows(session: Session, callId: string): void {
    const view = this.#deps.live.get(callId);
    if (view?.call.mediaEngine !== 'p2p' || view.call.status === 'ringing') return;
    if (!this.#deps.live.hasSeatIn(callId, session.actor)) return;
    // In a mesh of more it is not said whose media arrives: two who hear each other would keep a third who is gone.
    if (view.seats.length !== 2) return;
    for (const seat of view.seats) this.#sign(seat);
  }

  #sign(who: { readonly userId: string; readonly instanceId: string }): void {
    this.#signs.set(seatKey(who), { userId: who.userId, instanceId: who.instanceId, at: this.#deps.now() });
  }

  #arm(): void {
    this.#timer = this.#deps.timers.setTimeout(() => {
      this.#arm();
      this.#beat();
    }, this.#deps.settings.heartbeatMs);
  }

  #beat(): void {
    const { registry, settings } = this.#deps;
    const now = this.#deps.now();
    const late = now - this.#beatAt - settings.heartbeatMs;
    this.#beatAt = now;
    void this.#flush(now);
    this.#n += 1;
    const text = JSON.stringify({ t: 'ping', n: this.#n, at: this.#deps.serverTime() });
    for (const session of [...registry.all()]) {
      // While this process stood still nobody could answer: that time does not count.
      if (late > settings.heartbeatMs) session.lastPongAt += late;
      if (now - session.lastPongAt > settings.leaseMs) this.#deps.onSilent(session);
      else session.connection.sendText(text);
    }
  }

  /** Writes down what was heard since the last beat. */
  async flush(): Promise<void> {
    await this.#flush(this.#deps.now());
  }

  async #flush(now: number): Promise<void> {
    if (this.#signs.size === 0) return;
    const renewals = [...this.#signs.values()].map(({ userId, instanceId, at }) => ({
      userId,
      instanceId,
      ageMs: Math.max(0, now - at),
    }));
    this.#signs.clear();
    await this.#deps.calls.renewLeases(renewals).catch((error: unknown) => {
      this.#deps.log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'Leases not renewed');
    });
  }
}
