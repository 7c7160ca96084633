/** What is to be looked at of one person in a room. */
export interface Look {
  /** As whom they may be in the room, beside what the ledger knows. */
  readonly identities: ReadonlySet<string>;
  /** The host has muted them. */
  readonly mute: boolean;
}

export interface RoomWork {
  /**
   * Says to the media server what the ledger says by now. A rejection: it is still to be said.
   * @returns as whom they were in the room, and are not any more
   */
  look(room: string, userId: string, look: Look): Promise<readonly string[]>;
  close(room: string): Promise<void>;
  failed(room: string, error: unknown): void;
}

interface Waiting {
  identities: Set<string>;
  mute: boolean;
  readonly asked: PromiseWithResolvers<readonly string[]>;
}

interface Lane {
  readonly people: Map<string, Waiting>;
  /** What failed and is tried again when somebody says so. */
  readonly owed: Map<string, Look>;
  closing: PromiseWithResolvers<void> | null;
  owesClose: boolean;
  running: boolean;
}

/** Requests to the media server that one room has under way at a time. */
const AT_ONCE = 16;
/** Rooms with something that failed; beyond it the comparison alone mends. */
const OWING = 5_000;

/**
 * One line for each room. Who waits in it waits once, however often they are asked for, and is looked at when their turn comes: so what
 * is said last is what the ledger said last, and a media server that is slow makes no heap. A room that closes needs nothing else.
 */
export class RoomLanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #work: RoomWork;

  constructor(work: RoomWork) {
    this.#work = work;
  }

  /** Rooms in which something waits or is owed. */
  get size(): number {
    return this.#lanes.size;
  }

  /** How many people wait in all rooms. */
  get waiting(): number {
    let count = 0;
    for (const { people } of this.#lanes.values()) count += people.size;
    return count;
  }

  /** @returns whom the look has put out, also for somebody else who asked; nobody where the room closes. Rejects where it failed */
  look(room: string, userId: string, { identities, mute }: Look): Promise<readonly string[]> {
    const lane = this.#lane(room);
    if (lane.closing) return closed(lane.closing);
    const waits = lane.people.get(userId);
    if (waits) {
      for (const identity of identities) waits.identities.add(identity);
      waits.mute ||= mute;
      return waits.asked.promise;
    }
    const owed = lane.owed.get(userId);
    lane.owed.delete(userId);
    const entry: Waiting = {
      identities: new Set([...identities, ...(owed?.identities ?? [])]),
      mute: mute || (owed?.mute ?? false),
      asked: Promise.withResolvers(),
    };
    // Whoever does not wait for it hears of it in `failed`.
    entry.asked.promise.catch(() => undefined);
    lane.people.set(userId, entry);
    void this.#run(room, lane);
    return entry.asked.promise;
  }

  close(room: string): Promise<void> {
    const lane = this.#lane(room);
    if (lane.closing) return lane.closing.promise;
    const closing = Promise.withResolvers<void>();
    closing.promise.catch(() => undefined);
    lane.closing = closing;
    for (const { asked } of lane.people.values()) asked.resolve(closed(closing));
    lane.people.clear();
    lane.owed.clear();
    void this.#run(room, lane);
    return closing.promise;
  }

  /** Tries again what failed. */
  async retry(): Promise<void> {
    const again: Promise<unknown>[] = [];
    for (const [room, lane] of [...this.#lanes]) {
      if (lane.owesClose) {
        lane.owesClose = false;
        again.push(this.close(room));
      }
      for (const [userId, look] of [...lane.owed]) again.push(this.look(room, userId, look));
    }
    await Promise.allSettled(again);
  }

  #lane(room: string): Lane {
    const known = this.#lanes.get(room);
    if (known) return known;
    const lane: Lane = { people: new Map(), owed: new Map(), closing: null, owesClose: false, running: false };
    this.#lanes.set(room, lane);
    return lane;
  }

  async #run(room: string, lane: Lane): Promise<void> {
    if (lane.running) return;
    lane.running = true;
    while (lane.closing !== null || lane.people.size > 0) {
      if (lane.closing) await this.#close(room, lane, lane.closing);
      else await this.#batch(room, lane);
    }
    lane.running = false;
    const owes = lane.owesClose || lane.owed.size > 0;
    if (!owes || this.#lanes.size > OWING) this.#lanes.delete(room);
  }

  async #close(room: string, lane: Lane, closing: PromiseWithResolvers<void>): Promise<void> {
    try {
      await this.#work.close(room);
      lane.closing = null;
      closing.resolve();
    } catch (error) {
      lane.closing = null;
      lane.owesClose = true;
      this.#work.failed(room, error);
      closing.reject(error);
    }
  }

  async #batch(room: string, lane: Lane): Promise<void> {
    const batch = [...lane.people].slice(0, AT_ONCE);
    for (const [userId] of batch) lane.people.delete(userId);
    await Promise.all(
      batch.map(async ([userId, { identities, mute, asked }]) => {
        try {
          asked.resolve(await this.#work.look(room, userId, { identities, mute }));
        } catch (error) {
          if (!lane.closing) lane.owed.set(userId, { identities, mute });
          this.#work.failed(room, error);
          asked.reject(error);
        }
      }),
    );
  }
}

/** What a look comes to whose room closes first. */
const closed = async (closing: PromiseWithResolvers<void>): Promise<readonly string[]> => {
  await closing.promise;
  return [];
};
