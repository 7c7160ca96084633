import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Netlab } from '../../tools/netlab/netlab.ts';
import { expectMoving, expectTone } from '../support/media.ts';
import type { Person } from '../support/person.ts';
import { connect } from '../support/test.ts';
import { fingerprintsOf, portsAt, protectionOf, soundOf, straysAt } from '../support/transport.ts';
import { clientHello, rtpPacket } from './forged.ts';
import { strongProfiles, strongSuites } from './strong.ts';
import { expect, test } from './test.ts';

/*
 * OWASP ASVS 5.0 V17.2 asks these of a media server. In a call of two the endpoints of DTLS and SRTP are the browsers
 * themselves, so that they are asked of those: with the fingers of somebody on the path between them.
 */

type Path = { fromPort: number; toPort: number };

/** The ports of the way from the caller to the callee. */
async function pathOf(lab: Netlab, caller: Person, callee: Person): Promise<Path> {
  const [[fromPort], [toPort]] = await Promise.all([
    portsAt(caller.page, lab.address('caller')),
    portsAt(callee.page, lab.address('callee')),
  ]);
  if (fromPort === undefined || toPort === undefined) throw new Error('There is no path yet.');
  return { fromPort, toPort };
}

/** Nothing that the caller did not send counts as received, and the caller is heard. */
async function expectOnlyTheCaller(caller: Person, callee: Person): Promise<void> {
  const { received } = await soundOf(callee.page);
  const { sent } = await soundOf(caller.page);
  expect(received).toBeGreaterThan(0);
  expect(received).toBeLessThanOrEqual(sent);
  await expectTone(callee.page);
}

/** Waits until so many packets of a forger have come to the callee's browser: what never arrives proves nothing. */
async function expectStrays({ page }: Person, atLeast: number, before = 0): Promise<void> {
  const message = 'what was forged reaches the browser';
  await expect.poll(async () => ((await straysAt(page)) ?? 0) - before, { message }).toBeGreaterThanOrEqual(atLeast);
}

async function end(person: Person, other: Person): Promise<void> {
  await person.leave();
  await Promise.all([person, other].map((each) => expect(each.heading('Call ended')).toBeVisible()));
}

test.beforeAll(async ({ parley }) => {
  // Two people may call each other five times a minute: a server that has just begun has counted none.
  await parley.stop();
  await parley.restart();
});

test('V17.2.1 each connection has a key of its own, which no storage, ledger or log has', async ({
  lab,
  folder,
  parley,
  ada,
  grace,
}) => {
  const seen: string[] = [];
  for (const [caller, callee] of [
    [ada, grace],
    [grace, ada],
  ] as const) {
    await connect(caller, callee, 'audio');
    const [here, there] = await Promise.all([fingerprintsOf(caller.page), fingerprintsOf(callee.page)]);
    expect(here).toEqual({ own: there.other, other: there.own });
    seen.push(here.own, there.own);
    for (const { page } of [caller, callee]) {
      const kept = await page.evaluate(async () => ({
        text: JSON.stringify({ ...localStorage, ...sessionStorage }),
        // A certificate can be kept in IndexedDB alone.
        databases: (await indexedDB.databases()).length,
      }));
      expect(kept.databases).toBe(0);
      for (const fingerprint of seen) expect(kept.text).not.toContain(fingerprint);
    }
    await end(caller, callee);
  }
  expect(new Set(seen).size).toBe(4);
  for (const fingerprint of seen) expect(parley.output).not.toContain(fingerprint);
  // Not even fingerprints are kept: all files of the database, its journal among them.
  const holds = async (...texts: string[]): Promise<boolean> => {
    const wanted = texts.flatMap((text) => ['-e', text]);
    const { code, stderr } = await lab.exec('server', 'grep', ['-rqaF', ...wanted, join(folder, 'data')]);
    if (code !== 0 && code !== 1) throw new Error(stderr);
    return code === 0;
  };
  expect(await holds('ada@acme.test')).toBe(true);
  expect(await holds(...seen)).toBe(false);
});

test.describe('in one call', () => {
  test.beforeAll(async ({ ada, grace }) => {
    await connect(ada, grace, 'video');
    await Promise.all([expectTone(ada.page), expectTone(grace.page)]);
  });
  test.afterAll(({ ada, grace }) => end(ada, grace));

  test('V17.2.2 the suites and profiles that protect a call are strong', async ({ ada, grace }) => {
    for (const { page } of [ada, grace]) {
      const protection = await protectionOf(page);
      expect(protection?.dtlsState).toBe('connected');
      // DTLS 1.3 and 1.2.
      expect(['FEFC', 'FEFD']).toContain(protection?.tlsVersion);
      expect(strongSuites).toContain(protection?.dtlsCipher);
      expect(strongProfiles).toContain(protection?.srtpCipher);
    }
  });

  test('V17.2.3 sound that is forged in the name of the caller is not heard', async ({ lab, ada, grace }) => {
    const path = await pathOf(lab, ada, grace);
    const { ssrc, payloadType } = await soundOf(ada.page);
    const before = await straysAt(grace.page);
    for (let sequence = 0; sequence < 500; sequence += 1) {
      const payload = rtpPacket({ ssrc, payloadType, sequence: sequence * 131, body: randomBytes(80) });
      await lab.forge('caller', 'callee', { ...path, payload });
    }
    await expectStrays(grace, 500, before);
    await expectOnlyTheCaller(ada, grace);
  });

  test('V17.2.4 malformed packets do not end or disturb a call', async ({ lab, ada, grace }) => {
    const path = await pathOf(lab, ada, grace);
    const { ssrc, payloadType } = await soundOf(ada.page);
    const whole = rtpPacket({ ssrc, payloadType, sequence: 7, body: randomBytes(60) });
    const malformed = [
      Buffer.alloc(0),
      Buffer.from([0x80]),
      whole.subarray(0, 11),
      // Fifteen contributing sources and an extension that are not there; padding longer than the packet.
      Buffer.concat([Buffer.from([0x9f]), whole.subarray(1, 20)]),
      Buffer.concat([Buffer.from([0xa0]), whole.subarray(1), Buffer.from([0xff])]),
      // RTCP of no length, of too much, and of an unknown kind; DTLS and STUN that end too soon.
      Buffer.from([0x80, 0xc8, 0x00, 0x00]),
      Buffer.concat([Buffer.from([0x81, 0xc9, 0xff, 0xff]), randomBytes(40)]),
      Buffer.concat([Buffer.from([0x80, 0xdf, 0x00, 0x04]), randomBytes(16)]),
      Buffer.from([0x16, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff]),
      Buffer.from([0x00, 0x01, 0xff, 0xff, 0x21, 0x12, 0xa4, 0x42]),
      ...Array.from({ length: 40 }, () => randomBytes(1 + Math.floor(Math.random() * 200))),
    ];
    const before = await straysAt(grace.page);
    for (const payload of malformed) await lab.forge('caller', 'callee', { ...path, payload, times: 10 });
    // Those that look like STUN are not counted.
    await expectStrays(grace, 300, before);
    await expectOnlyTheCaller(ada, grace);
  });

  test('V17.2.5 a call goes on through a flood of packets', async ({ lab, ada, grace }) => {
    const path = await pathOf(lab, ada, grace);
    const { ssrc, payloadType } = await soundOf(ada.page);
    const payload = rtpPacket({ ssrc, payloadType, sequence: 1, body: randomBytes(1000) });
    const adaId = await grace.page.evaluate(async (email) => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ email, password: 'parley-demo' });
      return (await (await fetch('/api/auth/sign-in', { method: 'POST', headers, body })).json()).user.id as string;
    }, 'ada@acme.test');
    const before = await straysAt(grace.page);
    let isOver = false;
    const flood = async (): Promise<void> => {
      // One wave of all that the link takes, then some two thousand a second, for as long as the picture is watched.
      await lab.forge('caller', 'callee', { ...path, payload, times: 20_000 });
      while (!isOver) {
        await lab.forge('caller', 'callee', { ...path, payload, times: 100 });
        await straysAt(grace.page);
      }
    };
    const watch = async (): Promise<void> => {
      try {
        await expectMoving(grace.page, adaId);
        await expectStrays(grace, 5000, before);
      } finally {
        isOver = true;
      }
    };
    await Promise.all([flood(), watch()]);
    await expectMoving(grace.page, adaId);
    await expectOnlyTheCaller(ada, grace);
  });
});

test('V17.2.6 a stranger’s ClientHello is not answered, and does not keep the two from connecting', async ({
  lab,
  ada,
  grace,
}) => {
  // At first the two cannot reach each other, not even through the relay; the stranger reaches both.
  await Promise.all([lab.link('caller', 'callee', { down: true }), lab.allLinks('relay', { down: true })]);
  const answers = async (): Promise<number[]> =>
    Promise.all(['caller', 'callee'].map(async (host) => (await lab.linkStats(host, 'inside')).sent));
  const before = await answers();
  await ada.startCall('audio', 'Grace');
  await grace.accept('audio');
  for (const [person, host] of [
    [ada, 'caller'],
    [grace, 'callee'],
  ] as const) {
    await expect.poll(async () => (await portsAt(person.page, lab.address(host))).length).toBeGreaterThan(0);
  }
  const { fromPort, toPort } = await pathOf(lab, ada, grace);
  const greet = async (): Promise<void> => {
    const payload = clientHello();
    await lab.forge('inside', 'caller', { fromPort: 9, toPort: fromPort, payload });
    await lab.forge('inside', 'callee', { fromPort: 9, toPort, payload });
  };
  for (let round = 0; round < 20; round += 1) await greet();
  const protections = () => Promise.all([protectionOf(ada.page), protectionOf(grace.page)]);
  expect(await protections()).toEqual([null, null]);
  // Each step of their own handshake takes a while now, with the stranger before and between.
  await lab.link('caller', 'callee', { down: false, delayMs: 200 });
  const areConnected = async (): Promise<boolean> => {
    await greet();
    return !(await protections()).includes(null);
  };
  await expect.poll(areConnected, { intervals: [20] }).toBe(true);
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);
  // Not even ICMP’s word that a port is closed: the packets did come to where the two wait.
  expect(await answers()).toEqual(before);
  await end(ada, grace);
});

test('V17.2.7 nothing is recorded, and nothing offers to', async ({ parley, lab }) => {
  const { stdout } = await lab.exec('server', 'curl', ['-s', `${parley.url}/api/openapi.json`]);
  expect(Object.keys(JSON.parse(stdout).paths).filter((path) => /record|egress/i.test(path))).toEqual([]);
});
