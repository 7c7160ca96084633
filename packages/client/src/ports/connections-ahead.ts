import type { IceConfiguration } from '@parley/protocol';

/**
 * Makes the connection of a call that may soon be placed: one at most. It reaches the servers that it is told of and nobody else, opens no
 * device and sends no media. The engine takes it for its first connection with the same servers.
 */
export interface ConnectionsAhead {
  /** Instead of the one that there is, unless that has the same servers. */
  prepare(ice: Pick<IceConfiguration, 'iceServers' | 'relayOnly'>): void;
  /** There will be no call: what was made is closed. */
  release(): void;
}
