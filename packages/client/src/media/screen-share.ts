import { type Capture, type CapturedScreen, CaptureError, type CaptureProblem } from '../ports/capture.ts';
import type { MediaStreamLike } from '../ports/media-engine.ts';

export type ScreenShareState = 'off' | 'asking' | 'on';

/** The own screen: asked for, shared, and ended by a press or by the browser's own bar. */
export class ScreenShare {
  readonly #capture: Capture;
  readonly #changed: () => void;
  readonly #refused: (problem: CaptureProblem) => void;
  #state: ScreenShareState = 'off';
  #screen: CapturedScreen | null = null;
  #stream: MediaStreamLike | null = null;
  #turn = 0;

  /** @param refused why nothing came of it: `dismissed`, where the person closed the question or said no */
  constructor(capture: Capture, changed: () => void, refused: (problem: CaptureProblem) => void) {
    this.#capture = capture;
    this.#changed = changed;
    this.#refused = refused;
  }

  get possible(): boolean {
    return this.#capture.openScreen !== null;
  }

  get state(): ScreenShareState {
    return this.#state;
  }

  get screen(): CapturedScreen | null {
    return this.#screen;
  }

  get stream(): MediaStreamLike | null {
    return this.#stream;
  }

  /** Asks. Does nothing while it asks or shares. */
  async start(): Promise<void> {
    const open = this.#capture.openScreen;
    if (!open || this.#state !== 'off') return;
    this.#turn += 1;
    const turn = this.#turn;
    this.#become('asking');
    try {
      const screen = await open();
      // Meanwhile the call ended, or the person changed their mind.
      if (turn !== this.#turn) return end(screen);
      this.#screen = screen;
      this.#stream = this.#capture.streamOf([screen.picture]);
      screen.picture.addEventListener('ended', () => {
        if (this.#screen === screen) this.stop();
      });
      this.#become('on');
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#become('off');
      this.#refused(error instanceof CaptureError ? error.code : 'unsupported');
    }
  }

  stop(): void {
    this.#turn += 1;
    const screen = this.#screen;
    this.#screen = null;
    this.#stream = null;
    if (screen) end(screen);
    if (this.#state !== 'off') this.#become('off');
  }

  #become(state: ScreenShareState): void {
    this.#state = state;
    this.#changed();
  }
}

function end({ picture, sound }: CapturedScreen): void {
  picture.stop();
  sound?.stop();
}
