import type { MediaGrants } from '../../src/ports/media-server.ts';
import { liveKitBinary } from './livekit-node.ts';
import { describeNeeding } from './needing.ts';

export { KEYS, type LiveKitNode, startLiveKit } from './livekit-node.ts';

export const EVERYTHING: MediaGrants = { subscribe: true, publish: ['microphone', 'camera', 'screen', 'screen_audio'] };

/** A suite that wants a real LiveKit. @param lack what else it would need and has not */
export function withLiveKit(title: string, suite: () => void, lack: string | null = null): void {
  const missing = liveKitBinary === null ? 'livekit-server is neither on the PATH nor in the cache' : lack;
  const hint = 'npm test -- unit provides it.';
  describeNeeding({ what: 'a LiveKit', lack: missing, hint, timeout: 60_000 }, title, suite);
}
