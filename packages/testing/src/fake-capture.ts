import {
  type Capture,
  type CapturedTrack,
  CaptureError,
  type CaptureProblem,
  type CaptureSource,
  type MediaStreamLike,
} from '@parley/client';

export class FakeTrack implements CapturedTrack {
  static #next = 1;
  readonly id = `track-${FakeTrack.#next++}`;
  readonly kind: string;
  enabled = true;
  stopped = false;
  readonly #ended: (() => void)[] = [];

  constructor(kind: 'audio' | 'video') {
    this.kind = kind;
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
  readonly permissions = new Map<CaptureSource, 'granted' | 'denied' | 'prompt'>();
  readonly opened: { readonly source: CaptureSource; readonly track: FakeTrack }[] = [];
  /** While it is true, opening waits (for a person's answer to the prompt). */
  asking = false;
  /** Set when a source was captured twice at a time. */
  doubled = false;
  #waiting: (() => void)[] = [];
  #opening = new Set<CaptureSource>();

  async open(source: CaptureSource): Promise<CapturedTrack> {
    if (this.live(source).length > 0 || this.#opening.has(source)) this.doubled = true;
    this.#opening.add(source);
    if (this.asking) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#opening.delete(source);
    const problem = this.problems.get(source);
    if (problem) throw new CaptureError(problem);
    const track = new FakeTrack(source === 'camera' ? 'video' : 'audio');
    this.opened.push({ source, track });
    return track;
  }

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

  async permission(source: CaptureSource): Promise<'granted' | 'denied' | 'prompt'> {
    return this.permissions.get(source) ?? 'granted';
  }
}
