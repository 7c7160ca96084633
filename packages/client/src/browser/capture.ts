import {
  type Capture,
  type CapturedScreen,
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
  SecurityError: 'denied',
  NotFoundError: 'no_device',
  OverconstrainedError: 'no_device',
  NotReadableError: 'in_use',
  AbortError: 'in_use',
};

/**
 * A refusal has one name and several reasons, which only Chromium tells, in words: the system has the last one, and a question
 * that was closed may be asked again. Other browsers' refusals are taken for the person's.
 */
const refusalOf = (message: string): CaptureProblem => {
  if (/system/i.test(message)) return 'blocked';
  return /dismissed/i.test(message) ? 'dismissed' : 'denied';
};

export function problemOf(error: unknown): CaptureProblem {
  if (!(error instanceof Error || error instanceof DOMException)) return 'unsupported';
  return error.name === 'NotAllowedError' ? refusalOf(error.message) : (PROBLEMS[error.name] ?? 'unsupported');
}

/** Why there are no devices at all: an address without https, or a browser that has none. */
const lackOf = (): 'insecure' | 'unsupported' => (globalThis.isSecureContext ? 'unsupported' : 'insecure');

/** Over getUserMedia. */
export function browserCapture(navigator: Navigator): Capture {
  return {
    async open(source, deviceId) {
      // Absent outside secure contexts.
      const devices = navigator.mediaDevices as MediaDevices | undefined;
      if (!devices) throw new CaptureError(lackOf());
      const constraints = {
        ...(source === 'camera' ? CAMERA : MICROPHONE),
        ...(deviceId === null ? {} : { deviceId: { exact: deviceId } }),
      };
      try {
        const stream = await devices.getUserMedia(
          source === 'camera' ? { video: constraints } : { audio: constraints },
        );
        const [track] = stream.getTracks();
        if (!track) throw new CaptureError('no_device');
        return track;
      } catch (error) {
        throw error instanceof CaptureError ? error : new CaptureError(problemOf(error), error);
      }
    },
    openScreen: canShare(navigator) ? () => openScreen(navigator.mediaDevices) : null,
    streamOf: (tracks) => new MediaStream(tracks.filter((track) => track instanceof MediaStreamTrack)),
    permission: (source) => permissionOf(navigator, source),
    onPermission: (source, listener) => listenToPermission(navigator, source, listener),
  };
}

/** Writing has to be sharp; faces move enough at this. */
const SCREEN: DisplayMediaStreamOptions = {
  video: { width: { max: 1920 }, height: { max: 1080 }, frameRate: { ideal: 15, max: 30 } },
  // The sound of what is shown, and not the call's own once more.
  audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
};

const canShare = ({ mediaDevices }: Navigator): boolean =>
  typeof (mediaDevices as MediaDevices | undefined)?.getDisplayMedia === 'function';

async function openScreen(devices: MediaDevices): Promise<CapturedScreen> {
  let stream: MediaStream;
  try {
    stream = await devices.getDisplayMedia(SCREEN);
  } catch (error) {
    const problem = problemOf(error);
    // Whoever closes the question is told apart from nobody: browsers call it a refusal (W3C Screen Capture, §5.1).
    throw new CaptureError(problem === 'denied' ? 'dismissed' : problem, error);
  }
  const [picture] = stream.getVideoTracks();
  if (!picture) throw new CaptureError('unsupported');
  picture.contentHint = 'detail';
  return { picture, sound: stream.getAudioTracks()[0] ?? null };
}

async function permissionOf(navigator: Navigator, source: CaptureSource): Promise<CapturePermission> {
  const media = navigator.mediaDevices as MediaDevices | undefined;
  if (!media) return lackOf();
  const devices = await media.enumerateDevices().catch(() => null);
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

/** Browsers that do not answer for capture say nothing of changes either. */
function listenToPermission(navigator: Navigator, source: CaptureSource, listener: () => void): () => void {
  let status: PermissionStatus | null = null;
  let listens = true;
  const ask = async () => {
    const found = await navigator.permissions.query({ name: source as PermissionName });
    if (!listens) return;
    status = found;
    status.addEventListener('change', listener);
  };
  // Without `permissions` at all it throws, and that too is a refusal of this promise.
  void ask().catch(() => undefined);
  return () => {
    listens = false;
    status?.removeEventListener('change', listener);
  };
}
