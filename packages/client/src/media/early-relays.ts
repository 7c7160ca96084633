import type { ServerMessage } from '@parley/protocol';

export type Relay = Extract<ServerMessage, { t: 'relay' }>;

const MOST_EARLY = 64;

/** Messages for calls whose engine is not there yet: the other side may be faster. */
export class EarlyRelays {
  #relays: readonly Relay[] = [];

  keep(relay: Relay): void {
    this.#relays = [...this.#relays, relay].slice(-MOST_EARLY);
  }

  /** In the order in which they came; they are kept no longer. */
  take(callId: string, epoch: number): readonly Relay[] {
    const isOurs = (relay: Relay) => relay.callId === callId && relay.epoch === epoch;
    const early = this.#relays.filter(isOurs);
    this.#relays = this.#relays.filter((relay) => !isOurs(relay));
    return early;
  }

  /** This is the call now: nothing is awaited but its later epochs. */
  keepLater(callId: string, epoch: number): void {
    this.#relays = this.#relays.filter((relay) => relay.callId === callId && relay.epoch > epoch);
  }

  clear(): void {
    this.#relays = [];
  }
}
