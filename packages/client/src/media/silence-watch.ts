/** How often it is looked whether anything has come. */
const LOOK_MS = 500;
/** Without a packet for so long the path is mended. */
export const SILENT_MS = 2_000;
/** So many looks have to have found nothing: a timer that slept with the machine has heard nothing of what came meanwhile. */
const LEAST_LOOKS = 3;
/** As long as it stays silent it is said again with pauses that double: the other side may be what stands still. */
const LONGEST_MS = 16_000;

interface SilenceWatchDeps {
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
  /** Counts what has come in. Null: nothing is to be expected, as of people who are all muted. */
  heard(): Promise<number | null>;
  silent(): void;
}

/**
 * Notices that nothing comes any more on a path that is said to be up, long before the browser calls it broken (RFC 7675: consent may
 * last for thirty seconds). Packets count, and answers to checks of the path.
 */
export class SilenceWatch {
  readonly #deps: SilenceWatchDeps;
  #timer: unknown = null;
  #running = false;
  #last: number | null = null;
  #since = 0;
  #looks = 0;
  #pause = SILENT_MS;

  constructor(deps: SilenceWatchDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#last = null;
    this.#arm();
  }

  stop(): void {
    this.#running = false;
    this.#deps.clearTimeout(this.#timer);
  }

  #arm(): void {
    this.#timer = this.#deps.setTimeout(() => void this.#look(), LOOK_MS);
  }

  async #look(): Promise<void> {
    const heard = await this.#deps.heard().catch(() => null);
    if (!this.#running) return;
    this.#arm();
    if (heard === null || this.#last === null || heard !== this.#last) {
      this.#last = heard;
      this.#since = this.#deps.now();
      this.#looks = 0;
      this.#pause = SILENT_MS;
      return;
    }
    this.#looks += 1;
    if (this.#looks < LEAST_LOOKS || this.#deps.now() - this.#since < this.#pause) return;
    this.#since = this.#deps.now();
    this.#pause = Math.min(LONGEST_MS, this.#pause * 2);
    this.#deps.silent();
  }
}
