import { MediaStream, MediaStreamTrack, mediaDevices } from '@livekit/react-native-webrtc';
import { type Capture, type CapturedTrack, CaptureError } from '@parley/client';
import { AppState } from 'react-native';
import { permissionOf } from './permission';

const CAMERA = { width: 1280, height: 720, frameRate: 30 } as const;

/** Over react-native-webrtc. Which microphone it is follows from the way that the sound goes (a headset, the phone itself). */
export const nativeCapture: Capture = {
  async open(source, deviceId) {
    const which = deviceId === null ? { facingMode: 'user' as const } : { deviceId };
    try {
      const stream = await mediaDevices.getUserMedia(
        source === 'camera' ? { video: { ...CAMERA, ...which } } : { audio: true },
      );
      const [track] = stream.getTracks();
      if (!track) throw new CaptureError('no_device');
      // Of the shape that the port asks for; its event types are declared otherwise.
      return track as unknown as CapturedTrack;
    } catch (error) {
      if (error instanceof CaptureError) throw error;
      const missing = error instanceof Error && error.name === 'NotFoundError';
      throw new CaptureError(missing ? 'no_device' : 'denied', error);
    }
  },
  // Both systems want an extension or a service of their own for it.
  openScreen: null,
  streamOf: (captures) => new MediaStream(captures.filter((capture) => capture instanceof MediaStreamTrack)),
  permission: permissionOf,
  // Phones tell an app of no change; whoever made one in the settings comes back from there.
  onPermission: (_, listener) => {
    const subscription = AppState.addEventListener('change', (state) => {
      if (state === 'active') listener();
    });
    return () => subscription.remove();
  },
};
