import type { DeviceNews } from '../model.ts';
import type { CaptureProblem } from '../ports/capture.ts';
import type { Clock } from '../ports/platform.ts';
import type { CallStore } from './call-store.ts';
import { notice } from './change.ts';

/** A notice goes by itself after this time. */
const NOTICE_MS = 6_000;

/** What went wrong beside the commands, put up to be read, and taken down after a while. */
export class NoticeBoard {
  readonly #calls: CallStore;
  readonly #clock: Clock;
  readonly #timers = new Map<string, unknown>();
  #news = 0;

  constructor(calls: CallStore, clock: Clock) {
    this.#calls = calls;
    this.#clock = clock;
  }

  mediaProblem(callId: string, code: string): void {
    this.#calls.put({ type: 'noticed', notice: notice('media_problem', callId, code) });
  }

  /** No screen is shared: nothing else has changed. */
  share(problem: CaptureProblem): void {
    this.#calls.put({ type: 'noticed', notice: notice('share_refused', problem) });
  }

  /** Something that was wished for in a call did not come about. */
  failure(callId: string, code: string): void {
    this.#calls.put({ type: 'noticed', notice: notice('command_failed', callId, code) });
  }

  device(device: DeviceNews): void {
    this.#news += 1;
    const id = `device:${device.role}:${this.#news}`;
    // What was said of it before is of no matter any more.
    for (const old of this.#calls.state.notices.filter((one) => one.device?.role === device.role)) this.dismiss(old.id);
    this.#calls.put({ type: 'noticed', notice: { id, kind: 'device', code: null, device } });
  }

  dismiss(id: string): void {
    this.#calls.put({ type: 'notice_dismissed', id });
  }

  /** Whenever the calls have changed: whatever has been put up since goes in its time. */
  follow(): void {
    for (const { id } of this.#calls.state.notices) {
      if (this.#timers.has(id)) continue;
      const timer = this.#clock.setTimeout(() => {
        this.#timers.delete(id);
        this.dismiss(id);
      }, NOTICE_MS);
      this.#timers.set(id, timer);
    }
  }

  dispose(): void {
    for (const timer of this.#timers.values()) this.#clock.clearTimeout(timer);
  }
}
