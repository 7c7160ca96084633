import type { MediaStreamLike } from '@parley/client';

export interface VideoViewProps {
  readonly stream: MediaStreamLike | null;
  readonly participantId: string;
  /** One's own picture is seen as in a mirror. */
  readonly mirror?: boolean;
  /** Pictures are mute by default: `RemoteAudio` plays the sound, so that a picture always may start. */
  readonly muted?: boolean;
  /** `auto`: fills the box unless that would cut away too much; `contain`: all of it, as a screen wants it. */
  readonly fit?: 'auto' | 'cover' | 'contain';
  /** What the picture shows, where it is no person. */
  readonly source?: 'screen';
}

export interface RemoteAudioProps {
  readonly stream: MediaStreamLike | null;
  /** Raise it inside a press to try again after the browser has refused to play. */
  readonly attempt: number;
  /** The device that plays it; null: the system's default. */
  readonly output: string | null;
  /** The browser does not send it there. */
  readonly onOutputRefused: () => void;
  readonly onBlocked: () => void;
  readonly onPlaying: () => void;
}
