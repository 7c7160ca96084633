import type { Place, Team } from './place.mjs';

/** See signalling.mjs. */
export interface Cost {
  readonly bytes: number;
  readonly messages: number;
}
export function measure(
  place: Place,
  team: Team,
  people: number,
  options?: { changes?: number; leaves?: number; idleMs?: number },
): Promise<{ readonly mutes: Cost; readonly departures: Cost }>;
