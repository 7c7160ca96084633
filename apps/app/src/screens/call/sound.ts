/** What a screen says of the sound: whether the browser wants a gesture before it plays, and what is to be done with it. */
export interface SoundState {
  readonly blocked: boolean;
  readonly retry: () => void;
}

export const AUDIBLE: SoundState = { blocked: false, retry: () => undefined };
