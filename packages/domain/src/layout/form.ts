/** What a stage is drawn on. A narrow window of a desktop is a phone: what counts is the room, not the machine. */
export type Form = 'phone' | 'tablet' | 'desktop';

export interface Room {
  /** CSS pixels or points, not negative. */
  readonly width: number;
  readonly height: number;
}

/** Narrower than this, or lower than the other (a phone that was turned; no window of a laptop is so low), it is a phone. */
const NARROW = 600;
const LOW = 480;
const DESKTOP_WIDTH = 1024;

/** @param window all that the app has, not the part of it that is left for tiles. */
export function formOf({ width, height }: Room): Form {
  if (width < NARROW || height < LOW) return 'phone';
  return width >= DESKTOP_WIDTH ? 'desktop' : 'tablet';
}
