import type { PermissionProblem } from '../model.ts';
import type { Capture, CaptureSource } from '../ports/capture.ts';
import type { Devices } from '../ports/devices.ts';
import type { Clock } from '../ports/platform.ts';
import type { LocalMedia } from './local-media.ts';

/** How long a microphone that was opened ahead of a call waits for one. */
const PREPARED_MS = 60_000;

interface Deps {
  readonly capture: Capture;
  readonly devices: Devices;
  readonly local: LocalMedia;
  readonly clock: Clock;
}

/** Asks for microphone and camera ahead of a call, and keeps them open for one that comes soon. */
export class DevicesAhead {
  readonly #deps: Deps;
  #timer: unknown = null;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  onPermission(sources: readonly CaptureSource[], listener: () => void): () => void {
    const { capture, devices } = this.#deps;
    const off = [...sources.map((source) => capture.onPermission(source, listener)), devices.onChange(listener)];
    return () => {
      for (const stop of off) stop();
    };
  }

  async request(sources: readonly CaptureSource[]): Promise<readonly PermissionProblem[]> {
    const { clock, local } = this.#deps;
    const problems = await local.prepare(sources);
    clock.clearTimeout(this.#timer);
    this.#timer = clock.setTimeout(() => this.release(), PREPARED_MS);
    return problems;
  }

  release(): void {
    const { clock, local } = this.#deps;
    clock.clearTimeout(this.#timer);
    if (!local.inUse) local.end();
  }

  dispose(): void {
    this.#deps.clock.clearTimeout(this.#timer);
  }
}
