import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { clientAddress, localUrl, ownOrigin, strangerTeller } from '../../src/node/addresses.ts';
import { readConfig } from '../../src/node/config.ts';
import { networkOf } from '../../src/node/rate-limits.ts';

const incoming = (headers: Record<string, string>, remoteAddress = '10.1.1.1') =>
  ({ headers, socket: { remoteAddress } }) as unknown as IncomingMessage;

describe('the client’s address', () => {
  it('is the peer’s, whatever the peer claims, unless proxies are trusted', () => {
    expect(clientAddress(incoming({ 'x-forwarded-for': '1.2.3.4' }), 0)).toBe('10.1.1.1');
  });

  it('is what the outermost trusted proxy saw, not what the client wrote before it', () => {
    const forwarded = incoming({ 'x-forwarded-for': '6.6.6.6, 1.2.3.4, 10.0.0.9' });
    expect(clientAddress(forwarded, 1)).toBe('10.0.0.9');
    expect(clientAddress(forwarded, 2)).toBe('1.2.3.4');
    expect(clientAddress(incoming({}), 2)).toBe('10.1.1.1');
  });

  it('counts as one with all of its IPv6 /64', () => {
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2::9'));
    expect(networkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:3::1'));
    expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(networkOf('::1')).toBe('0:0:0:0');
  });
});

it('tells once of each address whose pages are refused, and not of any number', () => {
  const told: unknown[] = [];
  const tell = strangerTeller({ warn: (fields) => told.push(fields) });
  for (let count = 0; count < 3; count += 1) tell(incoming({ origin: 'http://10.0.0.7:3000' }));
  expect(told).toEqual([{ origin: 'http://10.0.0.7:3000' }]);
  for (let port = 1; port < 100; port += 1) tell(incoming({ origin: `http://10.0.0.7:${port}` }));
  expect(told).toHaveLength(20);
});

describe('own origins', () => {
  const own = (env: Record<string, string>, headers: Record<string, string>) =>
    ownOrigin(readConfig(env), 3000)(incoming(headers));

  it('no origin at all is a native app', () => {
    expect(own({}, {})).toBe(true);
  });

  it('localhost and 127.0.0.1 are both the program’s own on a loopback host, on its port alone', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect(own({}, { origin: `http://${host}:3000` })).toBe(true);
      expect(own({}, { origin: `http://${host}:3001` })).toBe(false);
    }
    expect(own({}, { origin: 'https://evil.example.test', host: 'evil.example.test' })).toBe(false);
    expect(own({}, { origin: 'null' })).toBe(false);
  });

  it('with PUBLIC_URL it is that one', () => {
    const env = { PUBLIC_URL: 'https://calls.example.test', HOST: '0.0.0.0' };
    expect(own(env, { origin: 'https://calls.example.test' })).toBe(true);
    expect(own(env, { origin: 'https://other.example.test', host: 'other.example.test' })).toBe(false);
  });

  it('on an open host without PUBLIC_URL it is a page of the same host', () => {
    expect(own({ HOST: '0.0.0.0' }, { origin: 'http://192.168.0.7:3000', host: '192.168.0.7:3000' })).toBe(true);
    expect(own({ HOST: '0.0.0.0' }, { origin: 'http://evil.example.test', host: '192.168.0.7:3000' })).toBe(false);
  });

  it('prints an address that can be opened', () => {
    expect(localUrl(readConfig({}), 4000)).toBe('http://localhost:4000');
    expect(localUrl(readConfig({ HOST: '0.0.0.0' }), 4000)).toBe('http://localhost:4000');
    expect(localUrl(readConfig({ HOST: '192.168.0.7' }), 4000)).toBe('http://192.168.0.7:4000');
    expect(localUrl(readConfig({ HOST: 'fe80::7' }), 4000)).toBe('http://[fe80::7]:4000');
  });
});
