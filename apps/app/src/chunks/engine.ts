export { P2pEngine, webRtcPlatform } from '@parley/engine-p2p';
