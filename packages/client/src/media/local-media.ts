import type { PermissionProblem } from '../model.ts';
import type { Capture, CapturedTrack, CapturePermission, CaptureProblem, CaptureSource } from '../ports/capture.ts';
import type { MediaStreamLike } from '../ports/media-engine.ts';
import { type CaptureAim, CaptureSlot } from './capture-slot.ts';

export interface LocalMediaState {
  /** True also where there is no microphone to be had. */
  readonly isMuted: boolean;
  /** As wished, unless there is a problem; the picture itself may still be on its way. */
  readonly videoEnabled: boolean;
  /** A picture is wished for, and held back for now: its camera is closed. */
  readonly videoHeld: boolean;
  readonly microphone: CapturedTrack | null;
  readonly camera: CapturedTrack | null;
  /** Own picture. */
  readonly preview: MediaStreamLike | null;
  /** Seen as in a mirror: not what the camera at the back of a phone sees. */
  readonly mirrored: boolean;
  readonly problems: readonly PermissionProblem[];
}

/** What is open of a source. */
export interface OpenCapture {
  readonly track: CapturedTrack;
  /** The device that was asked for; null for the default. */
  readonly asked: string | null;
}

const FORBIDDEN: readonly CaptureProblem[] = ['denied', 'dismissed', 'blocked'];
const SOURCES = ['microphone', 'camera'] as const satisfies readonly CaptureSource[];

/**
 * The one owner of capture. A muted microphone stays open (`enabled = false`: unmuting is instant, and no track has to
 * be replaced); a camera that is off is closed, so that its light is. A problem is a state, and the call goes on without.
 */
export class LocalMedia {
  readonly #capture: Capture;
  readonly #listeners = new Set<() => void>();
  readonly #microphone: CaptureSlot;
  readonly #camera: CaptureSlot;
  readonly #unlisten: (() => void)[];
  /** Whoever tries a source outside of a call. */
  readonly #tries: Record<CaptureSource, Set<object>> = { microphone: new Set(), camera: new Set() };
  #queue: Promise<unknown> = Promise.resolve();
  #muted = false;
  #inUse = false;
  #cameraWish = false;
  #held = false;
  #preview: { readonly track: CapturedTrack; readonly stream: MediaStreamLike } | null = null;

  constructor(capture: Capture) {
    this.#capture = capture;
    const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
      const turn = this.#queue.then(run, run);
      this.#queue = turn.catch(() => undefined);
      return turn;
    };
    const changed = () => this.#changed();
    this.#microphone = new CaptureSlot('microphone', capture, inTurn, changed);
    this.#camera = new CaptureSlot('camera', capture, inTurn, changed);
    this.#unlisten = SOURCES.map((source) => capture.onPermission(source, () => void this.#permissionChanged(source)));
  }

  get inUse(): boolean {
    return this.#inUse;
  }

  /** A call has begun, and a device that it wants is opening. */
  get opening(): boolean {
    return this.#inUse && SOURCES.some((source) => this.isOpening(source));
  }

  state(): LocalMediaState {
    const camera = this.#camera.track;
    if (camera !== (this.#preview?.track ?? null)) {
      this.#preview = camera ? { track: camera, stream: this.#capture.streamOf([camera]) } : null;
    }
    return {
      isMuted: this.#muted || this.#microphone.problem !== null,
      videoEnabled: this.#camera.wanted && this.#camera.problem === null,
      videoHeld: this.#held,
      microphone: this.#microphone.track,
      camera,
      preview: this.#preview?.stream ?? null,
      mirrored: camera?.getSettings().facingMode !== 'environment',
      problems: [this.#microphone, this.#camera].flatMap(({ source, problem }) =>
        problem === null ? [] : [{ source, problem }],
      ),
    };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  permission(source: CaptureSource): Promise<CapturePermission> {
    return this.#capture.permission(source);
  }

  /** Asks for what a call will need, ahead of it. What was opened stays open until `begin` or `end`. */
  async prepare(sources: readonly CaptureSource[]): Promise<readonly PermissionProblem[]> {
    await Promise.all([
      ...(sources.includes('microphone') ? [this.#microphone.want(true)] : []),
      ...(sources.includes('camera') ? [this.#camera.want(true)] : []),
    ]);
    return this.state().problems;
  }

  /** A call begins: from here on the microphone is open. */
  begin(options: { muted: boolean; camera: boolean }): void {
    this.#inUse = true;
    for (const source of SOURCES) this.#tries[source].clear();
    this.#muted = options.muted;
    this.#cameraWish = options.camera;
    this.#held = false;
    void this.#microphone.want(true);
    void this.#camera.want(options.camera);
  }

  /** Tries the microphone again where there was none. Does nothing outside a call. */
  setMuted(muted: boolean): void {
    if (!this.#inUse) return;
    this.#muted = muted;
    if (!muted && this.#microphone.problem !== null) void this.#microphone.want(true);
    this.#changed();
  }

  /** What the person does has the last word: it ends a hold. */
  setCamera(on: boolean): void {
    if (!this.#inUse) return;
    this.#cameraWish = on;
    this.#held = false;
    void this.#camera.want(on);
  }

  /** Holds the picture back although it is wished for, or lets it go on. Does nothing where none is wished for. */
  holdCamera(held: boolean): void {
    if (!this.#inUse || !this.#cameraWish || held === this.#held) return;
    this.#held = held;
    void this.#camera.want(!held);
  }

  /** From here on this device, in mid-call too. */
  aim(source: CaptureSource, aim: CaptureAim): Promise<void> {
    return this.#slot(source).aim(aim);
  }

  open(source: CaptureSource): OpenCapture | null {
    const { track, asked } = this.#slot(source);
    return track === null ? null : { track, asked };
  }

  /** It is open, or shall be. */
  wants(source: CaptureSource): boolean {
    return this.#slot(source).wanted;
  }

  /** It is wanted, and neither open nor known to be missing. */
  isOpening(source: CaptureSource): boolean {
    return this.#slot(source).opening;
  }

  /** What keeps a wanted source closed. */
  problem(source: CaptureSource): CaptureProblem | null {
    return this.#slot(source).problem;
  }

  /** Where a source is wanted and failed for one of these: the reason may be gone. */
  async tryAgain(source: CaptureSource, after: readonly CaptureProblem[]): Promise<boolean> {
    const slot = this.#slot(source);
    if (slot.problem === null || !after.includes(slot.problem) || !slot.wanted) return false;
    await slot.want(true);
    return slot.track !== null;
  }

  /**
   * Opens a source outside of a call, to look at oneself or to see whether the microphone hears. A call that begins takes over;
   * during a call this does nothing.
   * @returns how to end it
   */
  try(source: CaptureSource): () => void {
    if (this.#inUse) return () => undefined;
    const token = {};
    const tries = this.#tries[source];
    tries.add(token);
    void this.#slot(source).want(true);
    return () => {
      if (tries.delete(token) && tries.size === 0 && !this.#inUse) void this.#slot(source).want(false);
    };
  }

  /** Closes everything. */
  end(): void {
    this.#inUse = false;
    this.#muted = false;
    this.#cameraWish = false;
    this.#held = false;
    for (const source of SOURCES) void this.#slot(source).want(this.#tries[source].size > 0);
  }

  dispose(): void {
    for (const off of this.#unlisten) off();
  }

  #slot(source: CaptureSource): CaptureSlot {
    return source === 'microphone' ? this.#microphone : this.#camera;
  }

  async #permissionChanged(source: CaptureSource): Promise<void> {
    const problem = this.problem(source);
    if (problem === null || !FORBIDDEN.includes(problem)) return;
    if ((await this.#capture.permission(source)) === 'granted') await this.tryAgain(source, FORBIDDEN);
  }

  #changed(): void {
    const microphone = this.#microphone.track;
    if (microphone) microphone.enabled = !this.#muted;
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        // What is open must be closed, and the others must hear of it, whatever befalls one of those who look on.
        globalThis.reportError?.(error);
      }
    }
  }
}
