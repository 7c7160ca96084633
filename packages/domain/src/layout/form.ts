/** What a stage is drawn on. A narrow window of a desktop is a phone: what counts is the room, not the machine. */
export type Form = 'phone' | 'tablet' | 'desktop';

export interface Room {
  /** CSS pixels or points, not negative. */
  readonly width: number;
  readonly height: number;
}

/** Shortest sides from which on there is room for more than a phone has: Android's `sw600dp`, and a narrow laptop's window. */
const TABLET = 600;
const DESKTOP_WIDTH = 1024;

export function formOf({ width, height }: Room): Form {
  // A turned phone is as wide as a tablet, and a phone all the same.
  if (Math.min(width, height) < TABLET) return 'phone';
  return width >= DESKTOP_WIDTH ? 'desktop' : 'tablet';
}
