import {
  type Capture,
  type CapturedTrack,
  CaptureError,
  type CaptureProblem,
  type CaptureSource,
} from '../ports/capture.ts';

/**
 * One source of capture: open or not, as it is wanted. Opening is asynchronous and may need a person's answer, so that
 * the wish can change meanwhile; there is never more than one capture of a source.
 */
export class CaptureSlot {
  readonly source: CaptureSource;
  readonly #capture: Capture;
  /** Opens one source after the other: two prompts at once confuse people, and iOS mutes the first of two captures. */
  readonly #inTurn: <T>(run: () => Promise<T>) => Promise<T>;
  readonly #changed: () => void;
  #wanted = false;
  #track: CapturedTrack | null = null;
  #problem: CaptureProblem | null = null;
  #working: Promise<void> | null = null;
  /** An interrupted capture is opened again once for each time that somebody wished for it. */
  #mayReopen = false;

  constructor(
    source: CaptureSource,
    capture: Capture,
    inTurn: <T>(run: () => Promise<T>) => Promise<T>,
    changed: () => void,
  ) {
    this.source = source;
    this.#capture = capture;
    this.#inTurn = inTurn;
    this.#changed = changed;
  }

  get track(): CapturedTrack | null {
    return this.#track;
  }

  get problem(): CaptureProblem | null {
    return this.#problem;
  }

  get wanted(): boolean {
    return this.#wanted;
  }

  /** Resolves when the source is as wanted, or there is a problem. Wishing again after a problem tries again. */
  want(open: boolean): Promise<void> {
    this.#wanted = open;
    this.#mayReopen = open;
    this.#problem = null;
    this.#changed();
    return this.#settle();
  }

  #settle(): Promise<void> {
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
    return this.#working;
  }

  async #work(): Promise<void> {
    while (this.#wanted ? this.#track === null && this.#problem === null : this.#track !== null) {
      if (this.#wanted) await this.#inTurn(() => this.#open());
      else this.#close();
    }
  }

  async #open(): Promise<void> {
    if (!this.#wanted) return;
    try {
      const track = await this.#capture.open(this.source);
      this.#track = track;
      track.addEventListener('ended', () => this.#ended(track));
    } catch (error) {
      this.#problem = error instanceof CaptureError ? error.code : 'unsupported';
    }
    if (this.#wanted) this.#changed();
  }

  #close(): void {
    const track = this.#track;
    this.#track = null;
    track?.stop();
    this.#changed();
  }

  /** By itself: the device was unplugged, the permission withdrawn, another program took it. */
  #ended(track: CapturedTrack): void {
    if (this.#track !== track) return;
    this.#track = null;
    if (!this.#mayReopen) this.#problem = 'no_device';
    this.#mayReopen = false;
    this.#changed();
    void this.#settle();
  }
}
