import type { EngineCapabilities } from '@parley/client';

/** Apart from the engine, for those who know of it before its code is there. */
export const LIVEKIT_CAPABILITIES: EngineCapabilities = {
  name: 'livekit',
  attachesTracks: true,
  videoQuality: true,
  activeSpeakers: true,
  screenShare: true,
  meets: 'server',
  // DTLS-SRTP from each device to the server, which forwards what it could read.
  protection: 'to_server',
};
