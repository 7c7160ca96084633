import type { Fanout, FanoutListener, FanoutMessage, Origin } from '@parley/server/src/realtime/fanout.ts';
import type { Owner, Scheduler } from './scheduler.ts';

export interface BusWeather {
  /** How long a message takes to another node, in milliseconds. */
  delay(): number;
  twice(): boolean;
  /** The message does not get there. */
  lost(): boolean;
}

/**
 * What nodes tell each other. A node hears itself at once and the others later, in any order and now and then twice, as over
 * a broker; what is on its way when its sender dies still arrives.
 */
export class FanoutBus {
  readonly #scheduler: Scheduler;
  readonly #weather: BusWeather;
  readonly #ends = new Map<Owner, Set<FanoutListener>>();

  readonly #names = new WeakMap<Owner, string>();
  #named = 0;

  constructor(scheduler: Scheduler, weather: BusWeather) {
    this.#scheduler = scheduler;
    this.#weather = weather;
  }

  end(owner: Owner): Fanout {
    return {
      publish: (message) => {
        this.#deliver(owner, message, null);
        // Plain JSON, so that it can cross processes.
        const text = JSON.stringify(message);
        for (const to of this.#ends.keys()) {
          if (to === owner || !to.alive || this.#weather.lost()) continue;
          const times = this.#weather.twice() ? 2 : 1;
          for (let n = 0; n < times; n += 1) {
            this.#scheduler.after(
              this.#weather.delay(),
              () => this.#deliver(to, JSON.parse(text), this.#nameOf(owner)),
              to,
            );
          }
        }
      },
      subscribe: (listener) => {
        const listeners = this.#ends.get(owner) ?? new Set();
        this.#ends.set(owner, listeners.add(listener));
        return () => listeners.delete(listener);
      },
    };
  }

  forget(owner: Owner): void {
    this.#ends.delete(owner);
  }

  #nameOf(owner: Owner): string {
    const name = this.#names.get(owner) ?? `node-${++this.#named}`;
    this.#names.set(owner, name);
    return name;
  }

  #deliver(to: Owner, message: FanoutMessage, from: Origin): void {
    for (const listener of this.#ends.get(to) ?? []) listener(message, from);
  }
}
