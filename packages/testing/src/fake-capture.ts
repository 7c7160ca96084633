import {
  type Capture,
  type CapturedTrack,
  CaptureError,
  type CapturePermission,
  type CaptureProblem,
  type CaptureSource,
  type MediaStreamLike,
} from '@parley/client';

interface FakeTrackOf {
  readonly deviceId: string;
  readonly label?: string;
  readonly facingMode?: string;
}

export class FakeTrack implements CapturedTrack {
  static #next = 1;
  readonly id = `track-${FakeTrack.#next++}`;
  readonly kind: string;
  readonly label: string;
  enabled = true;
  stopped = false;
  readonly #settings: { readonly deviceId: string; readonly facingMode?: string };
  readonly #ended: (() => void)[] = [];

  constructor(kind: 'audio' | 'video', { deviceId, label = '', facingMode }: FakeTrackOf = { deviceId: 'default' }) {
    this.kind = kind;
    this.label = label;
    this.#settings = { deviceId, ...(facingMode === undefined ? {} : { facingMode }) };
  }

  getSettings(): { readonly deviceId: string; readonly facingMode?: string } {
    return this.#settings;
  }

  stop(): void {
    this.stopped = true;
  }

  addEventListener(_type: 'ended', listener: () => void): void {
    this.#ended.push(listener);
  }

  /** The device was unplugged, or the permission withdrawn. */
  endByItself(): void {
    this.stopped = true;
    for (const listener of this.#ended) listener();
  }
}

/** Capture whose devices, permissions and slowness a test decides. Two captures of one source at once are an error. */
export class FakeCapture implements Capture {
  readonly problems = new Map<CaptureSource, CaptureProblem>();
  readonly permissions = new Map<CaptureSource, CapturePermission>();
  readonly opened: { readonly source: CaptureSource; readonly deviceId: string | null; readonly track: FakeTrack }[] =
    [];
  /** By device id: what stands in the way of this one alone. */
  readonly broken = new Map<string, CaptureProblem>();
  /** What opens where nobody chose; what a device is, by its id. */
  readonly devices = new Map<string, Omit<FakeTrackOf, 'deviceId'>>();
  defaultDevice = 'default';
  /** While it is true, opening waits (for a person's answer to the prompt). */
  asking = false;
  /** Set when a source was captured twice at a time. */
  doubled = false;
  #waiting: (() => void)[] = [];
  #opening = new Set<CaptureSource>();
  readonly #watchers = new Map<CaptureSource, Set<() => void>>();

  async open(source: CaptureSource, deviceId: string | null): Promise<CapturedTrack> {
    if (this.live(source).length > 0 || this.#opening.has(source)) this.doubled = true;
    this.#opening.add(source);
    if (this.asking) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#opening.delete(source);
    const problem = this.problems.get(source) ?? (deviceId === null ? undefined : this.broken.get(deviceId));
    if (problem) throw new CaptureError(problem);
    const real = deviceId ?? this.defaultDevice;
    const track = new FakeTrack(source === 'camera' ? 'video' : 'audio', { deviceId: real, ...this.devices.get(real) });
    this.opened.push({ source, deviceId, track });
    return track;
  }

  /** What is shared when somebody chooses; a problem stands for a choice that is not made. */
  screenProblem: CaptureProblem | null = null;
  screenHasSound = true;
  readonly screens: { readonly picture: FakeTrack; readonly sound: FakeTrack | null }[] = [];

  readonly openScreen = async () => {
    if (this.asking) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.screenProblem) throw new CaptureError(this.screenProblem);
    const screen = { picture: new FakeTrack('video'), sound: this.screenHasSound ? new FakeTrack('audio') : null };
    this.screens.push(screen);
    return screen;
  };

  answerPrompts(): void {
    this.asking = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }

  /** Open captures of a source. */
  live(source: CaptureSource): readonly FakeTrack[] {
    return this.opened.filter((entry) => entry.source === source && !entry.track.stopped).map(({ track }) => track);
  }

  streamOf(tracks: readonly CapturedTrack[]): MediaStreamLike {
    return { id: `stream-of-${tracks.map(({ id }) => id).join('-')}`, getTracks: () => tracks };
  }

  async permission(source: CaptureSource): Promise<CapturePermission> {
    return this.permissions.get(source) ?? 'granted';
  }

  onPermission(source: CaptureSource, listener: () => void): () => void {
    const watchers = this.#watchers.get(source) ?? new Set();
    this.#watchers.set(source, watchers);
    watchers.add(listener);
    return () => watchers.delete(listener);
  }

  /** Somebody changed it in the browser's or the system's settings. */
  decide(source: CaptureSource, permission: CapturePermission): void {
    this.permissions.set(source, permission);
    if (permission === 'granted') this.problems.delete(source);
    for (const listener of this.#watchers.get(source) ?? []) listener();
  }
}
