export { webRtcPlatform } from './browser-platform.ts';
export { P2pEngine, P2pEngineError } from './p2p-engine.ts';
export type * from './peer-connection.ts';
export { PreparedConnections } from './prepared-connections.ts';
