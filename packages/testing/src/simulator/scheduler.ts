/** Whoever runs something: a server node, a device. What is dead runs no more. */
export interface Owner {
  alive: boolean;
}

interface Task {
  readonly at: number;
  /** Among tasks of the same instant: drawn by lot, so that none is always first. */
  readonly lot: number;
  readonly run: () => void;
  readonly owner: Owner | null;
  cancelled: boolean;
}

/** The world itself, which does not die. */
export const NOBODY: Owner = { alive: true };

/**
 * All that happens, in the order of one clock that is turned by hand. Between two tasks everything that promises still
 * have to do is done, so that one seed gives one course of things.
 */
export class Scheduler {
  #now: number;
  readonly #heap: Task[] = [];
  readonly #random: () => number;
  /** Tasks that were run. */
  steps = 0;

  constructor(start: number, random: () => number) {
    this.#now = start;
    this.#random = random;
  }

  /** Milliseconds since the epoch, whole. */
  now(): number {
    return Math.floor(this.#now);
  }

  after(ms: number, run: () => void, owner: Owner | null = null): Task {
    const at = this.#now + Math.max(0, ms);
    const task: Task = { at, lot: this.#random(), run, owner, cancelled: false };
    push(this.#heap, task);
    return task;
  }

  /** Never resolves for whoever has died meanwhile. */
  pause(ms: number, owner: Owner | null = null): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve, owner));
  }

  async run(untilMs: number, afterEach: () => void = () => undefined): Promise<void> {
    await quiet();
    for (let next = this.#heap[0]; next && next.at <= untilMs; next = this.#heap[0]) {
      pop(this.#heap);
      if (next.cancelled || next.owner?.alive === false) continue;
      this.#now = next.at;
      this.steps += 1;
      next.run();
      await quiet();
      afterEach();
    }
    this.#now = Math.max(this.#now, untilMs);
  }

  /** Timers of one owner, whose clock may be wrong. */
  timers(owner: Owner, skewMs = 0) {
    return {
      now: () => this.now() + skewMs,
      setTimeout: (run: () => void, ms: number): unknown => this.after(ms, run, owner),
      clearTimeout: (handle: unknown): void => {
        if (isTask(handle)) handle.cancelled = true;
      },
    };
  }
}

const isTask = (handle: unknown): handle is Task =>
  typeof handle === 'object' && handle !== null && 'cancelled' in handle;

/** Node runs all that promises have to do before it looks at immediates. */
export const quiet = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const before = (a: Task, b: Task): boolean => a.at < b.at || (a.at === b.at && a.lot < b.lot);

function push(heap: Task[], task: Task): void {
  let at = heap.length;
  heap.push(task);
  while (at > 0) {
    const up = (at - 1) >> 1;
    const parent = heap[up];
    if (!parent || !before(task, parent)) break;
    heap[at] = parent;
    at = up;
  }
  heap[at] = task;
}

function pop(heap: Task[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    let child = left;
    const [l, r] = [heap[left], heap[right]];
    if (!l) break;
    if (r && before(r, l)) child = right;
    const least = heap[child];
    if (!least || !before(least, last)) break;
    heap[at] = least;
    at = child;
  }
  heap[at] = last;
}
