/** The first is what rings where nobody has chosen. */
export const RING_TONES = ['ring', 'ring-warm', 'ring-drops'] as const;
export type RingTone = (typeof RING_TONES)[number];

export type SoundName = RingTone | 'ringback' | 'joined' | 'left' | 'test';

export interface SoundPlayer {
  /** Plays once, or over and over until `stop`. Already playing: goes on. */
  play(sound: SoundName, options?: { readonly loop?: boolean }): void;
  stop(sound: SoundName): void;
  stopAll(): void;
  /**
   * Plays everything through this device from now on; null: the system's default.
   * @param refused it cannot be had, and the default plays
   */
  setOutput(deviceId: string | null, refused: () => void): void;
  /**
   * Told when the browser refuses to play before a gesture, and again when it plays after all. Sounds that loop start by
   * themselves at the next gesture; a refused single sound is forgotten. Returns how to stop listening.
   */
  onBlocked(listener: (blocked: boolean) => void): () => void;
}

/** Whether calls make a sound on this device, whatever they do on others. */
export const RINGS_HERE = ['on', 'off'] as const;
export type RingsHere = (typeof RINGS_HERE)[number];
