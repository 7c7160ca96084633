export { P2pEngine, PreparedConnections, webRtcPlatform } from '@parley/engine-p2p';
