import type { CapturedTrack, Devices, LevelMeter, MediaDevice, OutputChoice } from '@parley/client';

/** Devices that a test plugs in and out. */
export class FakeDevices implements Devices {
  outputs: OutputChoice = 'each';
  plugged: readonly MediaDevice[] = [];
  readonly #listeners = new Set<() => void>();

  async list(): Promise<readonly MediaDevice[]> {
    return this.plugged;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What is there from now on. Platforms do not always tell. */
  plug(devices: readonly MediaDevice[], { silently = false } = {}): void {
    this.plugged = devices;
    if (!silently) for (const listener of [...this.#listeners]) listener();
  }
}

/** A meter whose needle the test moves. */
export class FakeLevelMeter implements LevelMeter {
  readonly watched = new Map<CapturedTrack, (level: number) => void>();

  watch(track: CapturedTrack, heard: (level: number) => void): () => void {
    this.watched.set(track, heard);
    return () => this.watched.delete(track);
  }
}
