import { expect, it } from 'vitest';
import { webRtcPlatform } from '../src/browser-platform.ts';

it('takes every path, or with a hidden address the relays alone', () => {
  const configurations: RTCConfiguration[] = [];
  class RTCPeerConnection {
    constructor(configuration: RTCConfiguration) {
      configurations.push(configuration);
    }
  }
  const platform = webRtcPlatform({ RTCPeerConnection, MediaStream: Object }, () => 'uuid');
  const servers = [{ urls: ['turn:turn.example.test'], username: 'name', credential: 'secret' }];
  platform.connection(servers, false);
  platform.connection(servers, true);
  expect(configurations.map(({ iceTransportPolicy }) => iceTransportPolicy)).toEqual(['all', 'relay']);
  expect(configurations[1]?.iceServers).toEqual(servers);
});
