import type { FanoutPath, FanoutPathListener } from '@parley/server/src/ports/fanout-path.ts';
import type { Owner, Scheduler } from './scheduler.ts';

export interface BusWeather {
  /** How long a text takes to another node, in milliseconds. */
  delay(): number;
  twice(): boolean;
  /** The text does not get there. */
  lost(): boolean;
}

interface End {
  readonly owner: Owner;
  readonly channels: ReadonlySet<string>;
  readonly on: FanoutPathListener;
  /** Whether this node reaches it. */
  readonly reaches: () => boolean;
  up: boolean;
}

/**
 * One way by which texts get from node to node, as Redis is one and Postgres another: later, in any order and now and then twice or
 * not at all. What is on its way when its sender dies still arrives.
 */
export class FanoutBus {
  readonly #scheduler: Scheduler;
  readonly #weather: BusWeather;
  readonly #ends = new Map<Owner, End>();
  #broken = false;

  constructor(scheduler: Scheduler, weather: BusWeather) {
    this.#scheduler = scheduler;
    this.#weather = weather;
  }

  path(owner: Owner, reaches: () => boolean = () => true): FanoutPath {
    return {
      send: async (parcels) => {
        if (this.#broken || !reaches()) throw new Error('nobody carries this');
        for (const { channel, text } of parcels) {
          for (const end of this.#ends.values())
            if (end.owner !== owner && end.channels.has(channel)) this.#carry(end, text);
        }
        await this.#scheduler.pause(this.#weather.delay(), owner);
      },
      open: (channels, on) => {
        this.#ends.set(owner, { owner, channels: new Set(channels), on, reaches, up: false });
        this.look();
      },
      close: async () => this.forget(owner),
    };
  }

  /** It is gone, or there again: with what was on its way. */
  setBroken(broken: boolean): void {
    this.#broken = broken;
    this.look();
  }

  /** Tells those whose way has changed. */
  look(): void {
    for (const end of this.#ends.values()) {
      const up = !this.#broken && end.reaches();
      if (up === end.up || !end.owner.alive) continue;
      end.up = up;
      end.on.state(up);
    }
  }

  forget(owner: Owner): void {
    this.#ends.delete(owner);
  }

  #carry(end: End, text: string): void {
    if (this.#weather.lost()) return;
    const arrive = () => {
      if (!this.#broken && end.reaches() && this.#ends.get(end.owner) === end) end.on.text(text);
    };
    const times = this.#weather.twice() ? 2 : 1;
    for (let n = 0; n < times; n += 1) this.#scheduler.after(this.#weather.delay(), arrive, end.owner);
  }
}
