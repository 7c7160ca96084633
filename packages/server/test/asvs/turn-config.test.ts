import { readFile } from 'node:fs/promises';
import { BlockList } from 'node:net';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

/** One address of each special-purpose block (RFC 6890 and its registries), metadata services of clouds among them. */
const RESERVED = {
  ipv4: [
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '100.100.100.200', '127.0.0.1', '127.255.255.254', '169.254.169.254'],
    ...['172.16.0.1', '172.31.255.255', '192.0.0.192', '192.0.2.1', '192.88.99.1', '192.168.1.1', '198.18.0.1'],
    ...['198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ],
  ipv6: [
    ...['::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '100::1', '2001::1', '2001:db8::1', '2002:7f00:1::1'],
    ...['3fff::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fec0::1', 'ff02::1'],
  ],
} as const;
const PUBLIC = {
  ipv4: ['1.1.1.1', '8.8.8.8', '100.128.0.1', '172.32.0.1'],
  ipv6: ['2606:4700::1', '2a00:1450::1'],
} as const;

describe('the relay’s configuration in docs/examples', () => {
  let settings: readonly (readonly [string, string])[];
  const denied = new BlockList();

  beforeAll(async () => {
    const path = fileURLToPath(new URL('../../../../docs/examples/turnserver.conf', import.meta.url));
    settings = (await readFile(path, 'utf8'))
      .split('\n')
      .filter((line) => /^[a-z]/.test(line))
      .map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1).trim()] as const);
    for (const [, range] of settings.filter(([name]) => name === 'denied-peer-ip')) {
      const [from = '', to = from] = range.split('-');
      denied.addRange(from, to, from.includes(':') ? 'ipv6' : 'ipv4');
    }
  });
  const setting = (name: string) => settings.find(([known]) => known === name)?.[1];

  it('V17.1.1 lets nobody reach an address that is reserved, in IPv4 and IPv6, and lets them reach others', () => {
    for (const family of ['ipv4', 'ipv6'] as const) {
      for (const address of RESERVED[family]) expect([address, denied.check(address, family)]).toEqual([address, true]);
      for (const address of PUBLIC[family]) expect([address, denied.check(address, family)]).toEqual([address, false]);
    }
    expect(setting('no-multicast-peers')).toBeDefined();
    expect(setting('no-tcp-relay')).toBeDefined();
    expect(settings.some(([name]) => name === 'allow-loopback-peers' || name === 'allowed-peer-ip')).toBe(false);
  });

  it('V17.1.2 bounds how many ports and how much bandwidth one person and all together can take', () => {
    for (const name of ['user-quota', 'total-quota', 'max-bps', 'bps-capacity', 'max-allocate-lifetime']) {
      expect([name, Number(setting(name)) > 0]).toEqual([name, true]);
    }
    const ports = Number(setting('max-port')) - Number(setting('min-port')) + 1;
    expect(Number(setting('total-quota'))).toBeLessThan(ports);
    expect(Number(setting('user-quota'))).toBeLessThan(Number(setting('total-quota')) / 10);
  });
});
