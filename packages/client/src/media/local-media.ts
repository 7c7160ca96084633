import type { PermissionProblem } from '../model.ts';
import type { Capture, CapturedTrack, CapturePermission, CaptureSource } from '../ports/capture.ts';
import type { MediaStreamLike } from '../ports/media-engine.ts';
import { CaptureSlot } from './capture-slot.ts';

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
  readonly problems: readonly PermissionProblem[];
}

/**
 * The one owner of capture. A muted microphone stays open (`enabled = false`: unmuting is instant, and no track has to
 * be replaced); a camera that is off is closed, so that its light is. A problem is a state, and the call goes on without.
 */
export class LocalMedia {
  readonly #capture: Capture;
  readonly #listeners = new Set<() => void>();
  readonly #microphone: CaptureSlot;
  readonly #camera: CaptureSlot;
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
  }

  get inUse(): boolean {
    return this.#inUse;
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

  /** Closes everything. */
  end(): void {
    this.#inUse = false;
    this.#muted = false;
    this.#cameraWish = false;
    this.#held = false;
    void this.#microphone.want(false);
    void this.#camera.want(false);
  }

  #changed(): void {
    const microphone = this.#microphone.track;
    if (microphone) microphone.enabled = !this.#muted;
    for (const listener of [...this.#listeners]) listener();
  }
}
