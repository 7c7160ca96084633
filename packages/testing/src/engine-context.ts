import type { EngineContext } from '@parley/client';
import { iso } from './call-fixtures.ts';

/** What an engine is handed to take part as this person. */
export const contextFor = (selfId: string, epoch = 1): EngineContext => ({
  selfId,
  epoch,
  credentials: {
    engine: 'p2p',
    url: null,
    token: null,
    roomName: 'call-under-test',
    uid: selfId,
    expiresAt: iso(3_600_000),
    iceServers: [],
    relayOnly: false,
  },
});
