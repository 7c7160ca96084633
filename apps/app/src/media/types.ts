import type { MediaStreamLike } from '@parley/client';

export interface VideoViewProps {
  readonly stream: MediaStreamLike | null;
  readonly participantId: string;
  /** One's own picture is seen as in a mirror. */
  readonly mirror?: boolean;
  /** Pictures are mute by default: `Speakers` play the sound, so that a picture always may start. */
  readonly muted?: boolean;
  /** `auto`: fills the box unless that would cut away too much; `contain`: all of it, as a screen wants it. */
  readonly fit?: 'auto' | 'cover' | 'contain';
  /** What the picture shows, where it is no person. */
  readonly source?: 'screen';
}

export interface Heard {
  readonly userId: string;
  readonly stream: MediaStreamLike | null;
}

export interface SpeakersWorld {
  /** The browser wants a gesture before it plays. */
  blocked(): void;
  playing(): void;
  /** The browser does not send it to that device. */
  outputRefused(): void;
}

/** Plays those with whom one is in a call. */
export interface Speakers {
  /** These and nobody else, each by one player for as long as they are named. @param output the device; null: the system's default */
  show(people: readonly Heard[], output: string | null): void;
  /** Inside a press: what the browser has refused to play is tried again. */
  retry(): void;
  stop(): void;
}
