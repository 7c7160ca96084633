/** See place.mjs. */
export interface Place {
  readonly url: string;
  readonly secret: string;
  close(): Promise<void>;
}
export interface Team {
  readonly tokens: readonly string[];
  readonly teamId: string;
  readonly channelId: string;
}
export function openPlace(options?: { embedded?: boolean; livekit?: boolean }): Promise<Place>;
export function openTeam(place: Place, count: number): Promise<Team>;
