import {
  type Capture,
  CaptureError,
  type CapturePermission,
  type CaptureProblem,
  type CaptureSource,
} from '../ports/capture.ts';

/** 720p at 30 frames is what a call can use; a device that has less gives what it has. */
const CAMERA: MediaTrackConstraints = {
  width: { ideal: 1280, max: 1280 },
  height: { ideal: 720, max: 720 },
  frameRate: { ideal: 30, max: 30 },
};
const MICROPHONE: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** Names of exceptions of getUserMedia (W3C Media Capture and Streams, §10.3), old ones of Chromium among them. */
const PROBLEMS: Readonly<Record<string, CaptureProblem>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'no_device',
  OverconstrainedError: 'no_device',
  NotReadableError: 'in_use',
  AbortError: 'in_use',
};

const problemOf = (error: unknown): CaptureProblem =>
  (error instanceof Error || error instanceof DOMException ? PROBLEMS[error.name] : undefined) ?? 'unsupported';

/** Over getUserMedia. */
export function browserCapture(navigator: Navigator): Capture {
  return {
    async open(source) {
      // Absent outside secure contexts.
      const devices = navigator.mediaDevices as MediaDevices | undefined;
      if (!devices) throw new CaptureError('unsupported');
      try {
        const stream = await devices.getUserMedia(source === 'camera' ? { video: CAMERA } : { audio: MICROPHONE });
        const [track] = stream.getTracks();
        if (!track) throw new CaptureError('no_device');
        return track;
      } catch (error) {
        throw error instanceof CaptureError ? error : new CaptureError(problemOf(error), error);
      }
    },
    streamOf: (tracks) => new MediaStream(tracks.filter((track) => track instanceof MediaStreamTrack)),
    permission: (source) => permissionOf(navigator, source),
  };
}

async function permissionOf(navigator: Navigator, source: CaptureSource): Promise<CapturePermission> {
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => null);
  const kind = source === 'camera' ? 'videoinput' : 'audioinput';
  // Before a permission a browser lists one nameless device of each kind that it has.
  if (devices && !devices.some((device) => device.kind === kind)) return 'no_device';
  try {
    const status = await navigator.permissions.query({ name: source as PermissionName });
    return status.state;
  } catch {
    // Browsers that do not answer for capture: labels are only told to those who may.
    return devices?.some((device) => device.kind === kind && device.label !== '') ? 'granted' : 'prompt';
  }
}
