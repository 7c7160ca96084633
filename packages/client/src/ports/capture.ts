import type { MediaStreamLike, MediaTrack } from './media-engine.ts';

export type CaptureSource = 'microphone' | 'camera';

/** `prompt`: the platform would ask. `no_device`: there is nothing to ask for. */
export type CapturePermission = 'granted' | 'denied' | 'prompt' | 'no_device';

/** Why capture is not possible. */
export type CaptureProblem = 'denied' | 'no_device' | 'in_use' | 'unsupported';

/** As far as it is used, a platform's `MediaStreamTrack`: engines are handed the very object. */
export interface CapturedTrack extends MediaTrack {
  enabled: boolean;
  stop(): void;
  /** `ended`: by itself, never because of `stop`. */
  addEventListener(type: 'ended', listener: () => void): void;
}

/** The platform's capture (getUserMedia), as `LocalMedia` uses it. */
export interface Capture {
  /** @throws CaptureError */
  open(source: CaptureSource): Promise<CapturedTrack>;
  streamOf(tracks: readonly CapturedTrack[]): MediaStreamLike;
  /** Without opening anything. */
  permission(source: CaptureSource): Promise<CapturePermission>;
}

export class CaptureError extends Error {
  readonly category = 'permission';
  readonly code: CaptureProblem;
  constructor(code: CaptureProblem, cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}
