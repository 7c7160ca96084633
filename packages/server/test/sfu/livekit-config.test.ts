import { describe, expect, it } from 'vitest';
import { liveKitConfig } from '../../src/node/sfu/livekit-config.ts';

const ports = { http: 7880, tcp: 7881, udp: 7882 };
const keys = { key: 'parleykey', secret: 'a-secret-of-32-characters-or-more' };
const config = (where: Partial<Parameters<typeof liveKitConfig>[2]>) =>
  JSON.parse(
    liveKitConfig(keys, ports, {
      loopback: false,
      address: null,
      webhook: 'http://localhost:3000/api/media/webhook',
      stunUrls: [],
      udpPorts: null,
      ...where,
    }),
  );

describe('the configuration of our own LiveKit', () => {
  it('takes signalling from this machine alone, and makes no room for a token that is left over', () => {
    for (const where of [{}, { loopback: true }, { address: '192.0.2.7' }]) {
      expect(config(where)).toMatchObject({
        port: 7880,
        bind_addresses: ['127.0.0.1'],
        room: { auto_create: false },
        webhook: { api_key: 'parleykey', urls: ['http://localhost:3000/api/media/webhook'] },
      });
    }
  });

  it('on loopback listens to nobody else', () => {
    expect(config({ loopback: true }).rtc).toMatchObject({
      node_ip: '127.0.0.1',
      tcp_port: 0,
      interfaces: { includes: ['lo', 'lo0'] },
    });
  });

  it('names the one address that the server listens on, and none where it listens on all', () => {
    expect(config({ address: '192.0.2.7' }).rtc).toMatchObject({
      node_ip: '192.0.2.7',
      tcp_port: 7881,
      udp_port: 7882,
    });
    expect(config({}).rtc).not.toHaveProperty('node_ip');
  });

  it('takes all people through one UDP port, or gives them ports of their own', () => {
    expect(config({}).rtc).not.toHaveProperty('port_range_start');
    const { rtc } = config({ udpPorts: { from: 50_000, to: 60_000 } });
    expect(rtc).toMatchObject({ port_range_start: 50_000, port_range_end: 60_000 });
    expect(rtc).not.toHaveProperty('udp_port');
  });

  it('asks nobody’s STUN servers but the installation’s', () => {
    const stunUrls = ['stun:stun.example.test', 'stun:192.0.2.1:3479', 'stun:[2001:db8::1]', 'stun:[2001:db8::1]:99'];
    expect(config({ stunUrls }).rtc.stun_servers).toEqual([
      'stun.example.test:3478',
      '192.0.2.1:3479',
      '[2001:db8::1]:3478',
      '[2001:db8::1]:99',
    ]);
    expect(config({}).rtc.stun_servers).toEqual(['127.0.0.1:9']);
  });
});
