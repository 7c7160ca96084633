/** How often it is looked whether anything has come. */
const LOOK_MS = 500;
/** Without a packet for so long the path is mended. */
export const SILENT_MS = 2_000;
/** After a hint that the network has changed: what comes on the old path by itself has come after this, and then it is looked so often. */
const SUSPECT_AFTER_MS = 300;
const SUSPECT_LOOK_MS = 150;
/** With DTX whoever is silent or muted sends a packet every 400 ms. */
const SUSPECT_SILENT_MS = 700;
/** A hint is one of a change that may have been some seconds ago, and of one that is not finished. */
const SUSPECT_FOR_MS = 3_000;
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
  /**
   * Nothing has come since about the time of a hint: the path has gone with its network.
   * @returns false where nothing can be done now: it is asked again as long as it stays so
   */
  gone?(): boolean;
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
  /** When something had come last, and since when it counts towards the next word of silence. */
  #heardAt = 0;
  #since = 0;
  #looks = 0;
  #pause = SILENT_MS;
  /** The time of the hint, as long as it counts. */
  #suspectedAt: number | null = null;

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

  /** The network has changed: it is not waited for long. Does nothing while it is not running. */
  suspect(): void {
    // Hints of one change come one after the other: the first one says when it was.
    if (!this.#running || this.#isSuspected()) return;
    this.#suspectedAt = this.#deps.now();
    this.#arm(SUSPECT_AFTER_MS);
  }

  #isSuspected(): boolean {
    return this.#suspectedAt !== null && this.#deps.now() - this.#suspectedAt < SUSPECT_FOR_MS;
  }

  #arm(ms = this.#isSuspected() ? SUSPECT_LOOK_MS : LOOK_MS): void {
    this.#deps.clearTimeout(this.#timer);
    this.#timer = this.#deps.setTimeout(() => void this.#look(), ms);
  }

  async #look(): Promise<void> {
    const heard = await this.#deps.heard().catch(() => null);
    if (!this.#running) return;
    this.#arm();
    if (heard === null || this.#last === null || heard !== this.#last) {
      this.#last = heard;
      this.#heardAt = this.#deps.now();
      this.#since = this.#heardAt;
      this.#looks = 0;
      this.#pause = SILENT_MS;
      return;
    }
    this.#looks += 1;
    const now = this.#deps.now();
    if (this.#hasGone(now)) {
      this.#suspectedAt = null;
      return;
    }
    if (this.#looks < LEAST_LOOKS || now - this.#since < this.#pause) return;
    this.#since = now;
    this.#pause = Math.min(LONGEST_MS, this.#pause * 2);
    this.#deps.silent();
  }

  #hasGone(now: number): boolean {
    if (!this.#isSuspected() || now - (this.#suspectedAt ?? now) < SUSPECT_AFTER_MS) return false;
    return now - this.#heardAt >= SUSPECT_SILENT_MS && this.#deps.gone?.() === true;
  }
}
