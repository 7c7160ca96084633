/** The four strengths of a row lock in Postgres, the weakest first. */
export type LockMode = 'key share' | 'share' | 'no key update' | 'update';

const STRENGTH: Readonly<Record<LockMode, number>> = { 'key share': 0, share: 1, 'no key update': 2, update: 3 };

/** Table 13.3 of Postgres' manual, "Conflicting Row-Level Locks". */
const CONFLICTS: Readonly<Record<LockMode, ReadonlySet<LockMode>>> = {
  'key share': new Set(['update']),
  share: new Set(['no key update', 'update']),
  'no key update': new Set(['share', 'no key update', 'update']),
  update: new Set(['key share', 'share', 'no key update', 'update']),
};

/** What the database says of transactions that wait for each other in a circle: whoever closes it is given up. */
class DeadlockDetected extends Error {
  readonly code = '40P01';
}

interface Waiting<H> {
  readonly holder: H;
  readonly mode: LockMode;
  readonly grant: () => void;
}

interface Row<H> {
  readonly holders: Map<H, LockMode>;
  queue: Waiting<H>[];
}

/** Row locks of all transactions: first come, first served; held until the transaction ends. */
export class LockTable<H> {
  readonly #rows = new Map<string, Row<H>>();
  readonly #heldBy = new Map<H, Set<string>>();
  readonly #waitsFor = new Map<H, string>();

  /** @throws DeadlockDetected */
  async take(holder: H, key: string, mode: LockMode): Promise<void> {
    if (this.tryTake(holder, key, mode)) return;
    const row = this.#row(key);
    const granted = new Promise<void>((grant) => {
      const waiting = { holder, mode, grant };
      // Whoever holds it already and wants more goes first, as nobody behind them could be served before.
      if (row.holders.has(holder)) row.queue.unshift(waiting);
      else row.queue.push(waiting);
    });
    this.#waitsFor.set(holder, key);
    if (this.#reaches(holder)) {
      row.queue = row.queue.filter((waiting) => waiting.holder !== holder);
      this.#waitsFor.delete(holder);
      throw new DeadlockDetected(`deadlock detected at ${key}`);
    }
    await granted;
  }

  /** As *skip locked*: false where somebody else holds it. */
  tryTake(holder: H, key: string, mode: LockMode): boolean {
    const row = this.#row(key);
    const held = row.holders.get(holder);
    if (held !== undefined && STRENGTH[held] >= STRENGTH[mode]) return true;
    if (!this.#isFree(row, holder, mode) || (held === undefined && row.queue.length > 0)) return false;
    this.#give(row, key, holder, mode);
    return true;
  }

  holds(holder: H, key: string): boolean {
    return this.#rows.get(key)?.holders.has(holder) ?? false;
  }

  /** The transaction is over, or its connection is gone. */
  release(holder: H): void {
    const waitsFor = this.#waitsFor.get(holder);
    this.#waitsFor.delete(holder);
    const touched = new Set(this.#heldBy.get(holder) ?? []);
    this.#heldBy.delete(holder);
    if (waitsFor !== undefined) touched.add(waitsFor);
    for (const key of touched) {
      const row = this.#row(key);
      row.holders.delete(holder);
      row.queue = row.queue.filter((waiting) => waiting.holder !== holder);
      this.#serve(row, key);
      if (row.holders.size === 0 && row.queue.length === 0) this.#rows.delete(key);
    }
  }

  #serve(row: Row<H>, key: string): void {
    for (let next = row.queue[0]; next && this.#isFree(row, next.holder, next.mode); next = row.queue[0]) {
      row.queue.shift();
      this.#waitsFor.delete(next.holder);
      this.#give(row, key, next.holder, next.mode);
      next.grant();
    }
  }

  #give(row: Row<H>, key: string, holder: H, mode: LockMode): void {
    const held = row.holders.get(holder);
    if (held === undefined || STRENGTH[held] < STRENGTH[mode]) row.holders.set(holder, mode);
    const keys = this.#heldBy.get(holder) ?? new Set();
    this.#heldBy.set(holder, keys.add(key));
  }

  #isFree(row: Row<H>, holder: H, mode: LockMode): boolean {
    for (const [other, held] of row.holders) if (other !== holder && CONFLICTS[mode].has(held)) return false;
    return true;
  }

  /** Whether somebody waits, over any number of others, for themselves. */
  #reaches(start: H): boolean {
    const seen = new Set<H>();
    const open = [...this.#blockers(start)];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === start) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...this.#blockers(next));
    }
    return false;
  }

  #blockers(holder: H): H[] {
    const key = this.#waitsFor.get(holder);
    if (key === undefined) return [];
    const row = this.#row(key);
    const at = row.queue.findIndex((waiting) => waiting.holder === holder);
    const mode = row.queue[at]?.mode ?? 'update';
    const holding = [...row.holders].filter(([other, held]) => other !== holder && CONFLICTS[mode].has(held));
    return [...holding.map(([other]) => other), ...row.queue.slice(0, Math.max(at, 0)).map((other) => other.holder)];
  }

  #row(key: string): Row<H> {
    const known = this.#rows.get(key);
    if (known) return known;
    const made: Row<H> = { holders: new Map(), queue: [] };
    this.#rows.set(key, made);
    return made;
  }
}
