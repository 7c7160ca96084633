import type { CallMetrics, DeviceType, Rating, RatingReason } from '@parley/protocol';
import { ApiError } from '../api/api-error.ts';
import type { MediaStats } from '../ports/media-engine.ts';
import type { Clock, KeyValueStore } from '../ports/platform.ts';
import { accepted, counted, figuresOf, keptMeter, looked, type Meter, mediaCame, startMeter } from './meter.ts';

/** A tab that crashes takes no more with it. */
const REPORT_MS = 30_000;
const STORAGE_KEY = 'parley.meter';
/** Pauses after which closing figures that did not get through are sent again. */
const AGAIN_MS = [2_000, 10_000, 60_000] as const;
/** So many calls' figures stay at hand, for their summaries. */
const MOST_KEPT = 5;

interface RecorderDeps {
  readonly api: { metrics(callId: string, metrics: CallMetrics): Promise<void> };
  readonly clock: Clock;
  /** Lives as long as the tab: figures go on after a reload. */
  readonly storage: KeyValueStore | null;
  readonly deviceType: DeviceType | null;
  changed(): void;
}

/**
 * Measures the call in which this instance takes part, and tells the server: a first sample at once, then one every half
 * minute, one whenever the page is hidden (it may be the last that is seen of it), and the closing figures.
 */
export class CallRecorder {
  readonly #deps: RecorderDeps;
  #meter: Meter | null = null;
  #reportedAt: number | null = null;
  /** The look of the newest report. */
  #reportedLook: number | null = null;
  #figures: ReadonlyMap<string, CallMetrics> = new Map();
  /** Settles with the newest rating that was sent. */
  #rated: Promise<void> = Promise.resolve();
  /** Counts people: figures of one are not sent in the name of the next. */
  #turn = 0;

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
  }

  /** Of calls that this instance has measured lately, and of the one that runs until now. */
  get figures(): ReadonlyMap<string, CallMetrics> {
    const { clock, deviceType } = this.#deps;
    if (!this.#meter || this.#meter.firstMediaAt === null) return this.#figures;
    return new Map([...this.#figures, [this.#meter.callId, figuresOf(this.#meter, clock.now(), deviceType)]]);
  }

  /** @param restored it ran before this page was loaded: what the page before it measured is gone on with. */
  begin(callId: string, restored: boolean): void {
    if (this.#meter?.callId === callId) return;
    this.close();
    const fresh = startMeter(callId);
    this.#meter = fresh;
    if (restored) void this.#goOn(fresh);
  }

  accepted(): void {
    this.#change((meter) => accepted(meter, this.#deps.clock.now()));
  }

  mediaCame(): void {
    this.#change((meter) => mediaCame(meter, this.#deps.clock.now()));
  }

  looked(stats: MediaStats, own: { readonly audio: boolean; readonly video: boolean }): void {
    const now = this.#deps.clock.now();
    this.#change((meter) => looked(meter, stats, own, now));
    if (this.#reportedAt === null || now - this.#reportedAt >= REPORT_MS) this.#report();
  }

  /** The page goes out of sight, or for good: nobody is told which. */
  hidden(): void {
    if (this.#meter && this.#meter.lookedAt !== this.#reportedLook) this.#report();
  }

  /** The call is over for this instance. */
  close(): void {
    const meter = this.#meter && counted(this.#meter);
    this.#meter = null;
    this.#reportedAt = null;
    this.#reportedLook = null;
    // Without media nothing was measured.
    if (!meter || meter.firstMediaAt === null) return;
    const figures = figuresOf(meter, this.#deps.clock.now(), this.#deps.deviceType);
    this.#figures = new Map([...this.#figures, [meter.callId, figures] as const].slice(-MOST_KEPT));
    void this.#deps.storage?.remove(STORAGE_KEY);
    void this.#send(meter.callId, { ...figures, closing: true });
    this.#deps.changed();
  }

  /**
   * One after another, as they were said: the last tap is what counts, however slow the one before it was.
   * @throws ApiError
   */
  rate(callId: string, rating: Rating, ratingReasons: readonly RatingReason[]): Promise<void> {
    const send = () => this.#deps.api.metrics(callId, { rating, ratingReasons: [...ratingReasons] });
    const sent = this.#rated.then(send);
    this.#rated = sent.catch(() => undefined);
    return sent;
  }

  /** Somebody else has signed in, or nobody is. */
  forget(): void {
    this.#turn += 1;
    this.#meter = null;
    this.#figures = new Map();
    void this.#deps.storage?.remove(STORAGE_KEY);
  }

  dispose(): void {
    this.#turn += 1;
    this.#meter = null;
  }

  #change(change: (meter: Meter) => Meter): void {
    if (this.#meter) this.#meter = change(this.#meter);
  }

  #report(): void {
    const { clock, api, deviceType, storage } = this.#deps;
    if (!this.#meter || this.#meter.firstMediaAt === null) return;
    const meter = counted(this.#meter);
    this.#meter = meter;
    this.#reportedAt = clock.now();
    this.#reportedLook = meter.lookedAt;
    void storage?.set(STORAGE_KEY, JSON.stringify(meter));
    // One that gets lost is made up for by the next.
    api.metrics(meter.callId, figuresOf(meter, clock.now(), deviceType)).catch(() => undefined);
  }

  async #send(callId: string, metrics: CallMetrics): Promise<void> {
    const turn = this.#turn;
    for (const pause of [...AGAIN_MS, null]) {
      try {
        return await this.#deps.api.metrics(callId, metrics);
      } catch (error) {
        const mayGetThrough = error instanceof ApiError && (error.category === 'network' || error.status === 429);
        if (!mayGetThrough || pause === null) return;
        const wait = Math.max(pause, error.retryAfter ?? 0);
        await new Promise<void>((resolve) => this.#deps.clock.setTimeout(resolve, wait));
        if (turn !== this.#turn) return;
      }
    }
  }

  async #goOn(fresh: Meter): Promise<void> {
    const kept = keptMeter((await this.#deps.storage?.get(STORAGE_KEY)) ?? null, fresh.callId);
    // Only if nothing has been measured meanwhile.
    if (kept && this.#meter === fresh) this.#meter = { ...kept, lookedAt: null };
  }
}
