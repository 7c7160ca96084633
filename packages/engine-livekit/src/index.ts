export { browserLiveKit } from './browser-platform.ts';
export { LiveKitEngine } from './livekit-engine.ts';
