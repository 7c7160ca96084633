import { MediaStream, MediaStreamTrack, mediaDevices } from '@livekit/react-native-webrtc';
import { type Capture, type CapturedTrack, CaptureError } from '@parley/client';
import { permissionOf } from './permission';

/** Over react-native-webrtc. */
export const nativeCapture: Capture = {
  async open(source) {
    try {
      const stream = await mediaDevices.getUserMedia(
        source === 'camera'
          ? { video: { width: 1280, height: 720, frameRate: 30, facingMode: 'user' } }
          : { audio: true },
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
  streamOf: (captures) => new MediaStream(captures.filter((capture) => capture instanceof MediaStreamTrack)),
  permission: permissionOf,
};
