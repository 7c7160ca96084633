import {
  type Capture,
  type CapturedTrack,
  CaptureError,
  type CaptureProblem,
  type CaptureSource,
} from '../ports/capture.ts';

/** Which device a source is captured from. */
export interface CaptureAim {
  /** Null: the system's default. */
  readonly deviceId: string | null;
  /** Changes with the device that is the default; empty while that is not known. */
  readonly defaultMark: string;
}

const ANY: CaptureAim = { deviceId: null, defaultMark: '' };

/** Whether what was opened for the one is no longer what the other asks for. */
function differs(opened: CaptureAim, aim: CaptureAim): boolean {
  if (opened.deviceId !== aim.deviceId) return true;
  if (aim.deviceId !== null || opened.defaultMark === '' || aim.defaultMark === '') return false;
  return opened.defaultMark !== aim.defaultMark;
}

/**
 * One source of capture: open or not, as it is wanted, and from the device that it is aimed at. Opening is asynchronous and may
 * need a person's answer, so that the wish can change meanwhile; there is never more than one capture of a source.
 */
export class CaptureSlot {
  readonly source: CaptureSource;
  readonly #capture: Capture;
  /** Opens one source after the other: two prompts at once confuse people, and iOS mutes the first of two captures. */
  readonly #inTurn: <T>(run: () => Promise<T>) => Promise<T>;
  readonly #changed: () => void;
  #wanted = false;
  #aim = ANY;
  /** For what the track was opened; a device that could not be had counts as tried. */
  #openedFor = ANY;
  #asked: string | null = null;
  #track: CapturedTrack | null = null;
  #problem: CaptureProblem | null = null;
  #working: Promise<void> | null = null;
  /** An interrupted capture is opened again once for each time that somebody wished for it or the devices changed. */
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

  /** The device that was asked for when the track was opened; null for the default. */
  get asked(): string | null {
    return this.#asked;
  }

  get problem(): CaptureProblem | null {
    return this.#problem;
  }

  get wanted(): boolean {
    return this.#wanted;
  }

  get opening(): boolean {
    return this.#wanted && this.#track === null && this.#problem === null;
  }

  /** Resolves when the source is as wanted, or there is a problem. Wishing again after a problem tries again. */
  want(open: boolean): Promise<void> {
    this.#wanted = open;
    this.#mayReopen = open;
    this.#problem = null;
    const settled = this.#settle();
    this.#changed();
    return settled;
  }

  /** From here on this device. What is open is exchanged; what is closed stays closed. */
  aim(aim: CaptureAim): Promise<void> {
    this.#aim = aim;
    this.#mayReopen = this.#wanted;
    // What is open already: by another way (its device was gone), or before it was known which device is the default.
    const fellBack = this.#asked !== this.#openedFor.deviceId && this.#asked === aim.deviceId;
    if (this.#track !== null && (fellBack || !differs(this.#openedFor, aim))) this.#openedFor = aim;
    return this.#settle();
  }

  #settle(): Promise<void> {
    // Whatever happens: a slot that stays at work for ever never closes its source again.
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
      // Wished for after the last look and before this.
      return this.#isWrong ? this.#settle() : undefined;
    });
    return this.#working;
  }

  get #isWrong(): boolean {
    if (!this.#wanted) return this.#track !== null;
    return this.#problem === null && (this.#track === null || differs(this.#openedFor, this.#aim));
  }

  async #work(): Promise<void> {
    while (this.#isWrong) {
      if (this.#wanted) await this.#inTurn(() => this.#open());
      else this.#close();
    }
  }

  /** The old track stays in its place until the new one can take it: an engine then exchanges them in one step. */
  async #open(): Promise<void> {
    if (!this.#wanted) return;
    this.#track?.stop();
    const aim = this.#aim;
    try {
      const { track, asked } = await this.#openNearest(aim.deviceId);
      this.#track = track;
      this.#asked = asked;
      this.#openedFor = aim;
      track.addEventListener('ended', () => this.#ended(track));
    } catch (error) {
      this.#track = null;
      this.#problem = error instanceof CaptureError ? error.code : 'unsupported';
    }
    if (this.#wanted) this.#changed();
  }

  /** A chosen device that is gone or taken leaves the default: better heard through another than not at all. */
  async #openNearest(deviceId: string | null): Promise<{ track: CapturedTrack; asked: string | null }> {
    if (deviceId !== null) {
      try {
        return { track: await this.#capture.open(this.source, deviceId), asked: deviceId };
      } catch (error) {
        const other = error instanceof CaptureError && (error.code === 'no_device' || error.code === 'in_use');
        if (!other) throw error;
      }
    }
    return { track: await this.#capture.open(this.source, null), asked: null };
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
    void this.#settle();
    this.#changed();
  }
}
