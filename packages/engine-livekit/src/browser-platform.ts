import { LiveKitRoom } from './livekit-room.ts';
import type { LiveKitPlatform, RemoteStream } from './room.ts';

/** The browser's own WebRTC, or another that stands in its place (`registerGlobals` of `@livekit/react-native`). */
export function browserLiveKit(): LiveKitPlatform {
  return {
    room: (handlers) => new LiveKitRoom(handlers),
    stream: () => new MediaStream() as unknown as RemoteStream,
    now: () => Date.now(),
    setTimeout: (run, ms) => globalThis.setTimeout(run, ms),
    clearTimeout: (handle) => globalThis.clearTimeout(handle as Parameters<typeof globalThis.clearTimeout>[0]),
  };
}
