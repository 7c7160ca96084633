import type { EngineCapabilities } from '@parley/client';

/** Apart from the engine, for those who know of it before its code is there. */
export const P2P_CAPABILITIES: EngineCapabilities = {
  name: 'p2p',
  attachesTracks: true,
  videoQuality: true,
  activeSpeakers: false,
  screenShare: true,
  meets: 'peers',
  // DTLS-SRTP from one device to the other; a TURN server sees ciphertext only.
  protection: 'end_to_end',
};
