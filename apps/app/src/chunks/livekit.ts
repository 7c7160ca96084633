export { browserLiveKit, LiveKitEngine } from '@parley/engine-livekit';
