import { expect, it } from 'vitest';
import { webRtcPlatform } from '../src/index.ts';

it.each([true, false])('renews the servers of a connection and keeps its policies (relay only: %s)', (relayOnly) => {
  const made: RTCConfiguration[] = [];
  const newer: RTCConfiguration[] = [];
  class Connection {
    constructor(configuration: RTCConfiguration) {
      made.push(configuration);
    }
    setConfiguration(configuration: RTCConfiguration): void {
      newer.push(configuration);
    }
  }
  const platform = webRtcPlatform({ RTCPeerConnection: Connection, MediaStream: class {} }, () => 'id');
  const relay = (username: string) => ({ urls: ['turn:turn.parley.test'], username, credential: 'secret' });
  const connection = platform.connection({ iceServers: [relay('first')], relayOnly });
  platform.reconfigure(connection, { iceServers: [relay('second')], relayOnly });
  const policies = { iceTransportPolicy: relayOnly ? 'relay' : 'all', bundlePolicy: 'max-bundle' };
  expect(made).toEqual([{ iceServers: [relay('first')], ...policies }]);
  expect(newer).toEqual([{ iceServers: [relay('second')], ...policies }]);
});
