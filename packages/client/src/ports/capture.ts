import type { MediaStreamLike, MediaTrack } from './media-engine.ts';

export type CaptureSource = 'microphone' | 'camera';

/**
 * `prompt`: the platform would ask. `no_device`: there is nothing to ask for. `insecure`: browsers give no devices to pages of
 * an address without https.
 */
export type CapturePermission = 'granted' | 'denied' | 'prompt' | 'no_device' | 'insecure' | 'unsupported';

/**
 * Why capture is not possible. `denied`: by the person or a rule of the browser. `dismissed`: the question was closed without an
 * answer. `blocked`: the system itself keeps the device from the browser, whatever that allows.
 */
export type CaptureProblem = 'denied' | 'dismissed' | 'blocked' | 'no_device' | 'in_use' | 'insecure' | 'unsupported';

/** As far as it is used, a platform's `MediaStreamTrack`: engines are handed the very object. */
export interface CapturedTrack extends MediaTrack {
  enabled: boolean;
  /** The device's name. */
  readonly label: string;
  /** What is really open, whatever was asked for. */
  getSettings(): { readonly deviceId?: string | undefined; readonly facingMode?: string | undefined };
  stop(): void;
  /** `ended`: by itself, never because of `stop`. */
  addEventListener(type: 'ended', listener: () => void): void;
}

/** What somebody chose to show. */
export interface CapturedScreen {
  readonly picture: CapturedTrack;
  /** What is heard of it, where the platform gives that and the person allows it. */
  readonly sound: CapturedTrack | null;
}

/** The platform's capture (getUserMedia), as `LocalMedia` uses it. */
export interface Capture {
  /**
   * @param deviceId that device and no other; null for the system's default
   * @throws CaptureError
   */
  open(source: CaptureSource, deviceId: string | null): Promise<CapturedTrack>;
  /**
   * Asks the person what shall be seen; null where the platform cannot.
   * @throws CaptureError; `dismissed` where nothing was chosen
   */
  readonly openScreen: (() => Promise<CapturedScreen>) | null;
  streamOf(tracks: readonly CapturedTrack[]): MediaStreamLike;
  /** Without opening anything. */
  permission(source: CaptureSource): Promise<CapturePermission>;
  /** The permission may have changed: a hint to look. @returns how to stop listening */
  onPermission(source: CaptureSource, listener: () => void): () => void;
}

export class CaptureError extends Error {
  readonly category = 'permission';
  readonly code: CaptureProblem;
  constructor(code: CaptureProblem, cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}
