import type { CapturedTrack } from './capture.ts';

export type DeviceKind = 'microphone' | 'camera' | 'speaker';

/** Where a phone has it; there it says more than a name. */
export type DevicePlace = 'front' | 'back' | 'earpiece' | 'loudspeaker';

export interface MediaDevice {
  readonly kind: DeviceKind;
  /** Empty as long as the platform does not tell. */
  readonly id: string;
  /** Empty as long as the platform does not tell. */
  readonly label: string;
  /** The same for the microphone and the speaker of one headset; empty where it is not known. */
  readonly groupId: string;
  readonly place?: DevicePlace;
}

/** `each`: every sound can go another way (browsers). `one`: all of it goes one way (phones). `none`: the system decides. */
export type OutputChoice = 'each' | 'one' | 'none';

/** What is connected (enumerateDevices). */
export interface Devices {
  readonly outputs: OutputChoice;
  /** The system's default first of its kind, or an entry of its own with the id `default`. */
  list(): Promise<readonly MediaDevice[]>;
  /** A hint to look: not every platform tells of every device. @returns how to stop listening */
  onChange(listener: () => void): () => void;
}

/** How loud a track is at the moment. */
export interface LevelMeter {
  /** @param heard 0 (silence) to 1, some times a second; never where it cannot be measured. @returns how to stop */
  watch(track: CapturedTrack, heard: (level: number) => void): () => void;
}
