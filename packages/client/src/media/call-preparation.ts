import type { UserId } from '@parley/domain';
import type { IceConfiguration, MediaCredentials } from '@parley/protocol';
import type { ConnectionsAhead } from '../ports/connections-ahead.ts';
import type { Clock } from '../ports/platform.ts';
import type { ServerTime } from '../time/server-time.ts';

/** Credentials that are about to run out are not begun with, in milliseconds. */
const SPARE_MS = 60_000;
/** A profile that stays open keeps a connection for so long, and with it a place at the relay. */
const KEPT_MS = 120_000;

interface PreparationDeps {
  readonly clock: Clock;
  readonly serverTime: ServerTime;
  /** Null where no connection is made ahead. */
  readonly connections: ConnectionsAhead | null;
  fetch(): Promise<IceConfiguration>;
  /**
   * Whether the microphone may be opened without asking. Before that browsers hide a device's own addresses from a page (mDNS names), and
   * a connection that was made then would keep to these.
   */
  microphoneIsGranted(): Promise<boolean>;
}

/**
 * Gets a call ready that may be about to be placed: the servers' credentials, and the connection up to the point where it would be shown
 * to somebody. No device is opened, and nobody but one's own servers hears of it.
 */
export class CallPreparation {
  readonly #deps: PreparationDeps;
  readonly #holders = new Set<symbol>();
  #known: IceConfiguration | null = null;
  #coming: Promise<void> | null = null;
  #timer: unknown = null;

  constructor(deps: PreparationDeps) {
    this.#deps = deps;
  }

  /** A call may be placed from here. Credentials that are still good are not asked for again. @returns there will be none */
  open(): () => void {
    const release = this.keep();
    void this.#prepare();
    return release;
  }

  /** What was made is not closed yet: a call is being placed with it. Makes nothing. */
  keep(): () => void {
    const holder = Symbol();
    this.#holders.add(holder);
    if (this.#timer !== null) this.#arm();
    return () => {
      if (this.#holders.delete(holder) && this.#holders.size === 0) this.#release();
    };
  }

  /** Those with which a call of one's own can begin; null where there are none, or they run out. */
  credentials(userId: UserId): MediaCredentials | null {
    const known = this.#good();
    return known && { ...known, engine: 'p2p', url: null, token: null, roomName: '', uid: userId };
  }

  /** Somebody else is signed in, or hides their address from now on. */
  forget(): void {
    this.#known = null;
    this.#coming = null;
    this.#release();
  }

  async #prepare(): Promise<void> {
    if (this.#good() === null) await (this.#coming ?? this.#fetch());
    const granted = await this.#deps.microphoneIsGranted();
    const known = this.#good();
    if (known === null || !granted || this.#holders.size === 0) return;
    this.#deps.connections?.prepare({ iceServers: known.iceServers, relayOnly: known.relayOnly });
    this.#arm();
  }

  /** What does not come is not asked for again: the call asks for its own. */
  #fetch(): Promise<void> {
    const isCurrent = () => this.#coming === coming;
    const coming: Promise<void> = this.#deps.fetch().then(
      (known) => {
        if (!isCurrent()) return;
        this.#known = known;
        this.#coming = null;
      },
      () => {
        if (isCurrent()) this.#coming = null;
      },
    );
    this.#coming = coming;
    return coming;
  }

  #good(): IceConfiguration | null {
    const left = this.#known === null ? 0 : Date.parse(this.#known.expiresAt) - this.#deps.serverTime.now();
    return left > SPARE_MS ? this.#known : null;
  }

  #arm(): void {
    const { clock } = this.#deps;
    clock.clearTimeout(this.#timer);
    this.#timer = clock.setTimeout(() => this.#release(), KEPT_MS);
  }

  #release(): void {
    this.#deps.clock.clearTimeout(this.#timer);
    this.#timer = null;
    this.#deps.connections?.release();
  }
}
