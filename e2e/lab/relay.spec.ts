import { randomBytes } from 'node:crypto';
import { credentials } from './relay.ts';
import { addresses, echoPort, expect, test } from './test.ts';

const unauthorized = 401;
const forbidden = 403;

test.describe('the relay gives an allocation', () => {
  test('for credentials of the secret it shares with the server, and carries packets with them', async ({
    lab,
    relay,
  }) => {
    const echo = { address: lab.address('callee'), port: echoPort };
    const before = await lab.linkStats('relay', 'callee');
    const asked = await relay.ask('caller', { ...credentials(relay.secret), echo });
    expect(asked).toMatchObject({ allocation: 0, echoed: true });
    expect((await lab.linkStats('relay', 'callee')).delivered).toBeGreaterThan(before.delivered);
  });

  test('over TLS on the port of HTTPS too', async ({ lab, relay }) => {
    const echo = { address: lab.address('callee'), port: echoPort };
    const asked = await relay.ask('caller', { ...credentials(relay.secret), tls: true, echo });
    expect(asked).toMatchObject({ allocation: 0, echoed: true });
  });

  test('for a second secret too, from when it is added to when it is deleted, without a restart', async ({ relay }) => {
    const next = randomBytes(32).toString('hex');
    const allocations = async (): Promise<number[]> => {
      const both = [relay.secret, next].map((secret) => relay.ask('caller', credentials(secret)));
      return (await Promise.all(both)).map(({ allocation }) => allocation);
    };
    expect(await allocations()).toEqual([0, unauthorized]);
    await relay.admin('--set-secret', next);
    await expect.poll(allocations).toEqual([0, 0]);
    await relay.admin('--delete-secret', next);
    await expect.poll(allocations).toEqual([0, unauthorized]);
  });
});

test.describe('the relay refuses', () => {
  test('credentials that have expired', async ({ relay }) => {
    const asked = await relay.ask('caller', credentials(relay.secret, -1));
    expect(asked.allocation).toBe(unauthorized);
  });

  test('credentials whose end was moved, or whose user was changed', async ({ relay }) => {
    const { username, credential } = credentials(relay.secret, -1);
    const [end = '', user = ''] = username.split(':');
    const later = await relay.ask('caller', { username: `${Number(end) + 3600}:${user}`, credential });
    expect(later.allocation).toBe(unauthorized);
    const fresh = credentials(relay.secret);
    const other = await relay.ask('caller', { ...fresh, username: fresh.username.replace(user, 'another') });
    expect(other.allocation).toBe(unauthorized);
  });

  test('credentials of another secret, the one that the example has among them', async ({ relay }) => {
    const others = ['REPLACE-ME', 'f'.repeat(64)];
    const asked = await Promise.all(others.map((secret) => relay.ask('caller', credentials(secret))));
    expect(asked.map(({ allocation }) => allocation)).toEqual(others.map(() => unauthorized));
  });

  test('what somebody guesses', async ({ relay }) => {
    const { username } = credentials(relay.secret);
    const guesses = [
      { username, credential: '' },
      { username, credential: 'password' },
      { username: 'admin', credential: 'admin' },
      { username: '', credential: '' },
      // Without an end in it a name would be good for ever.
      { username: 'somebody', credential: credentials(relay.secret).credential },
    ];
    const asked = await Promise.all(guesses.map((guess) => relay.ask('caller', guess)));
    for (const [index, { allocation }] of asked.entries()) {
      expect([400, unauthorized], JSON.stringify(guesses[index])).toContain(allocation);
    }
  });
});

test.describe('the relay relays to no', () => {
  const loopback = ['127.0.0.1', '127.8.8.8', '0.0.0.0'];
  const inside = ['10.0.0.1', '100.64.0.1', '172.16.0.1', '172.31.255.255', addresses.inside];
  const metadata = [addresses.metadata, '169.254.170.2', '192.0.0.192'];
  const special = ['192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '255.255.255.255'];

  for (const [what, peers] of Object.entries({
    loopback,
    'private network': inside,
    metadata,
    'special address': special,
  })) {
    test(`${what}: ${peers.join(', ')}`, async ({ lab, relay }) => {
      const asked = await relay.ask('caller', {
        ...credentials(relay.secret),
        peers,
        // Where somebody would answer, on two of these addresses: the relay's own rule is what keeps them out of reach.
        echo: { address: lab.address('callee'), port: echoPort },
      });
      const refused = Object.fromEntries(peers.map((peer) => [peer, forbidden]));
      expect(asked).toEqual({ allocation: 0, permissions: refused, channels: refused, echoed: true });
      expect((await lab.linkStats('relay', 'metadata')).sent).toBe(0);
      expect((await lab.linkStats('relay', 'inside')).sent).toBe(0);
    });
  }

  const peers6 = [
    '::1',
    '::',
    '::ffff:7f00:1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    '2002:7f00:1::1',
    '2001:db8::1',
  ];
  test(`IPv6 address of that kind: ${peers6.join(', ')}`, async ({ relay }) => {
    const reachable = '2600:77::9';
    const asked = await relay.ask('caller', {
      ...credentials(relay.secret),
      family: 6,
      peers: [...peers6, reachable],
    });
    const refused = Object.fromEntries(peers6.map((peer) => [peer, forbidden]));
    const answers = { ...refused, [reachable]: 0 };
    expect(asked).toEqual({ allocation: 0, permissions: answers, channels: answers, echoed: null });
  });
});
