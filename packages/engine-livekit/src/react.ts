import type { Capture, MediaEngine } from '@parley/client';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { browserLiveKit } from './browser-platform.ts';
import { LiveKitCall, type LiveKitCallState, type LiveKitSession } from './livekit-call.ts';
import { LiveKitEngine } from './livekit-engine.ts';

export interface LiveKitEngineHook extends LiveKitCallState {
  readonly engine: MediaEngine | null;
  /** @throws CaptureError where there is no microphone to be had */
  join(token: string): Promise<void>;
  leave(): Promise<void>;
  toggleMute(): void;
  toggleVideo(): Promise<void>;
}

/**
 * What the calling guide's `useAgoraEngine` gives to a screen, on LiveKit: for apps that keep their own call state. Those that use
 * a `ParleyClient` need none of it; there an engine is chosen by the media plan.
 * @param capture of this platform, for example `browserCapture(navigator)`; the first one stays
 */
export function useLiveKitEngine(session: LiveKitSession, capture: Capture): LiveKitEngineHook {
  const [call] = useState(() => new LiveKitCall(() => new LiveKitEngine(browserLiveKit()), capture));
  const state = useSyncExternalStore(call.subscribe, call.snapshot, call.snapshot);
  useEffect(() => () => void call.leave(), [call]);
  return {
    ...state,
    engine: call.engine,
    join: (token) => call.join(session, token),
    leave: call.leave,
    toggleMute: call.toggleMute,
    toggleVideo: call.toggleVideo,
  };
}
