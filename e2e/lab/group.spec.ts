import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expectMoving, expectTone, expectUnbroken } from '../support/media.ts';
import type { Person } from '../support/person.ts';
import { ParleyServer } from '../support/server.ts';
import { fingerprintsOf, type Loss, lossOf, pairOf, protectionOf, soundOf } from '../support/transport.ts';
import { clientHello, rtpPacket } from './forged.ts';
import { strongProfiles, strongSuites } from './strong.ts';
import { test as base, expect, personAt } from './test.ts';

/*
 * A group on a media server that is a host of the lab. OWASP ASVS 5.0 V17.2 is asked of that server here, as it is of the
 * browsers of two in media.spec.ts.
 */

type Group = { server: ParleyServer; ada: Person; grace: Person; linus: Person };
type Ids = { ada: string; grace: string; linus: string };

const port = 3100;

const test = base.extend<Record<never, never>, { group: Group }>({
  group: [
    async ({ playwright, lab, folder }, use) => {
      const server = await ParleyServer.start({
        dataDir: join(folder, 'group'),
        spawn: (command, args, options) => lab.spawn('server', command, args, options),
        port: String(port),
        env: {
          HOST: lab.address('server'),
          PUBLIC_URL: `http://${lab.address('server')}:${port}`,
          PARLEY_RATE_LIMITS: 'on',
          PARLEY_DEMO: '1',
          PARLEY_LIVEKIT: 'auto',
        },
      });
      const people: { person: Person; close(): Promise<void> }[] = [];
      for (const [host, first] of [
        ['caller', 'Ada'],
        ['callee', 'Grace'],
        ['relay', 'Linus'],
      ] as const) {
        people.push(await personAt(playwright.chromium, lab, host, server, first));
      }
      const [ada, grace, linus] = people.map(({ person }) => person);
      if (!ada || !grace || !linus) throw new Error('Three were expected.');
      await use({ server, ada, grace, linus });
      for (const { close } of people) await close();
      await server.stop();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
});

const idsOf = async ({ page }: Person): Promise<Ids> => {
  const idOf = (first: string): Promise<string> =>
    page.evaluate(async (email) => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ email, password: 'parley-demo' });
      return (await (await fetch('/api/auth/sign-in', { method: 'POST', headers, body })).json()).user.id as string;
    }, `${first}@acme.test`);
  return { ada: await idOf('ada'), grace: await idOf('grace'), linus: await idOf('linus') };
};

const words = ['Good connection', 'Fair connection', 'Weak connection'];
/** The word for a page's own connection. */
const quality = ({ page }: Person) => page.getByText(/^(Good|Fair|Weak) connection$/).first();
const wordOf = async (person: Person): Promise<number> => words.indexOf((await quality(person).textContent()) ?? '');

test.describe('a group through a media server', () => {
  test.beforeAll(async ({ group: { server, ada, grace, linus }, lab }) => {
    test.setTimeout(240_000);
    await expect
      .poll(async () => (await lab.exec('server', 'curl', ['-s', `${server.url}/health/ready`])).stdout, {
        timeout: 90_000,
      })
      .toContain('"sfu":"ready"');
    await ada.startGroup('video', 'general');
    await grace.joinGroup('general');
    await linus.joinGroup('general');
  });
  test.afterAll(async ({ group: { ada, grace, linus } }) => {
    for (const person of [ada, grace, linus]) await person.leave();
  });

  test('loses a tenth of what goes to and from one of them: the others go on, that one hears, and the word is theirs', async ({
    lab,
    group: { ada, grace, linus },
  }) => {
    const ids = await idsOf(linus);
    await expectMoving(linus.page, ids.ada);
    // Three browsers on a busy machine may have less than a good connection without any loss.
    const before = [await wordOf(grace), await wordOf(linus)];
    const lossBefore = await lossOf(ada.page);

    await lab.link('caller', 'server', { lossPercent: 10 });
    await expect(quality(ada)).toHaveText(/^(Fair|Weak) connection$/, { timeout: 40_000 });
    await Promise.all([
      expectUnbroken(grace.page, ids.linus, 5_000),
      expectUnbroken(linus.page, ids.grace, 5_000),
      expectTone(grace.page),
      expectTone(linus.page),
      expectTone(ada.page),
      expectMoving(ada.page, ids.grace),
    ]);
    // It is one's own connection that is meant, and the packets say whose that is.
    expect([await wordOf(grace), await wordOf(linus)].map((word, index) => word <= (before[index] ?? 0))).toEqual([
      true,
      true,
    ]);
    expect(shareLost(lossBefore, await lossOf(ada.page))).toBeGreaterThan(0.04);

    await lab.link('caller', 'server', { lossPercent: 0 });
    await expect.poll(() => wordOf(ada), { timeout: 60_000 }).toBeLessThanOrEqual(Math.max(...before));
    await expectMoving(grace.page, ids.ada);
  });

  test('V17.2.1 the media server has a key of its own for each connection, which it keeps in no file', async ({
    lab,
    folder,
    group: { server, ada, grace, linus },
  }) => {
    const theirsOf = () => Promise.all([ada, grace, linus].map(async ({ page }) => (await fingerprintsOf(page)).other));
    // A connection may just be made anew.
    await expect.poll(theirsOf).not.toContain('');
    const theirs = await theirsOf();
    expect(new Set(theirs).size).toBe(3);
    for (const fingerprint of theirs) expect(server.output).not.toContain(fingerprint);
    const wanted = ['PRIVATE KEY', ...theirs].flatMap((text) => ['-e', text]);
    const { code } = await lab.exec('server', 'grep', ['-rqaF', ...wanted, join(folder, 'group')]);
    expect(code).toBe(1);
  });

  test('V17.2.2 the suites and profiles that protect a group to the media server are strong', async ({ group }) => {
    for (const { page } of [group.ada, group.grace, group.linus]) {
      const protection = await protectionOf(page);
      expect(protection?.dtlsState).toBe('connected');
      expect(['FEFC', 'FEFD']).toContain(protection?.tlsVersion);
      expect(strongSuites).toContain(protection?.dtlsCipher);
      expect(strongProfiles).toContain(protection?.srtpCipher);
    }
  });

  test('V17.2.3 sound that is forged in somebody’s name is not handed on by the media server', async ({
    lab,
    group: { ada, grace, linus },
  }) => {
    const path = await wayToServer(ada);
    const { ssrc, payloadType } = await soundOf(ada.page);
    // What is heard at Grace's comes from two, whose packets are counted where they are sent.
    const packets = async () => {
      const heard = (await soundOf(grace.page)).allReceived;
      const sent = (await Promise.all([ada, linus].map(async ({ page }) => (await soundOf(page)).sent))).reduce(
        (sum, one) => sum + one,
        0,
      );
      return { heard, sent };
    };
    const before = await packets();
    const link = await lab.linkStats('caller', 'server');
    for (let sequence = 0; sequence < 500; sequence += 1) {
      const payload = rtpPacket({ ssrc, payloadType, sequence: sequence * 131, body: randomBytes(80) });
      await lab.forge('caller', 'server', { ...path, payload });
    }
    expect((await lab.linkStats('caller', 'server')).sent - link.sent).toBeGreaterThanOrEqual(500);
    await expectTone(grace.page);
    const after = await packets();
    // A few were on their way when it was counted first.
    expect(after.heard - before.heard).toBeLessThanOrEqual(after.sent - before.sent + 100);
  });

  test('V17.2.4 malformed packets do not end or disturb a group', async ({ lab, group: { server, ada, grace } }) => {
    const path = await wayToServer(ada);
    const { ssrc, payloadType } = await soundOf(ada.page);
    const whole = rtpPacket({ ssrc, payloadType, sequence: 7, body: randomBytes(60) });
    const malformed = [
      Buffer.alloc(0),
      Buffer.from([0x80]),
      whole.subarray(0, 11),
      Buffer.concat([Buffer.from([0x9f]), whole.subarray(1, 20)]),
      Buffer.concat([Buffer.from([0xa0]), whole.subarray(1), Buffer.from([0xff])]),
      Buffer.from([0x80, 0xc8, 0x00, 0x00]),
      Buffer.concat([Buffer.from([0x81, 0xc9, 0xff, 0xff]), randomBytes(40)]),
      Buffer.concat([Buffer.from([0x80, 0xdf, 0x00, 0x04]), randomBytes(16)]),
      Buffer.from([0x16, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff]),
      Buffer.from([0x00, 0x01, 0xff, 0xff, 0x21, 0x12, 0xa4, 0x42]),
      ...Array.from({ length: 40 }, () => randomBytes(1 + Math.floor(Math.random() * 200))),
    ];
    for (const payload of malformed) await lab.forge('caller', 'server', { ...path, payload, times: 10 });
    await expectTone(grace.page);
    await expectMoving(grace.page, (await idsOf(grace)).ada);
    expect(server.output).not.toMatch(/media server.*(ended|again)/i);
  });

  test('V17.2.5 a group goes on through a flood of packets', async ({ lab, group: { ada, grace } }) => {
    const path = await wayToServer(ada);
    const { ssrc, payloadType } = await soundOf(ada.page);
    const payload = rtpPacket({ ssrc, payloadType, sequence: 1, body: randomBytes(1000) });
    const { ada: adaId } = await idsOf(grace);
    let isOver = false;
    const flood = async (): Promise<void> => {
      await lab.forge('caller', 'server', { ...path, payload, times: 20_000 });
      while (!isOver) {
        await lab.forge('caller', 'server', { ...path, payload, times: 100 });
        await soundOf(grace.page);
      }
    };
    const watch = async (): Promise<void> => {
      try {
        await expectMoving(grace.page, adaId);
        await expectTone(grace.page);
      } finally {
        isOver = true;
      }
    };
    await Promise.all([flood(), watch()]);
    await expectMoving(grace.page, adaId);
  });

  test('V17.2.6 a stranger’s ClientHello is not answered by the media server', async ({
    lab,
    group: { ada, grace },
  }) => {
    const { toPort } = await wayToServer(ada);
    const before = (await lab.linkStats('server', 'inside')).sent;
    const reached = (await lab.linkStats('inside', 'server')).sent;
    for (let round = 0; round < 50; round += 1) {
      await lab.forge('inside', 'server', { fromPort: 9, toPort, payload: clientHello() });
    }
    expect((await lab.linkStats('inside', 'server')).sent - reached).toBeGreaterThanOrEqual(50);
    await expectTone(grace.page);
    // Not even ICMP's word that a port is closed: the packets did come to where media comes in.
    expect((await lab.linkStats('server', 'inside')).sent).toBe(before);
  });
});

/** Of what should have come in between: the share that did not. */
const shareLost = (before: Loss, { received, lost }: Loss): number => {
  const gone = lost - before.lost;
  return gone / Math.max(1, gone + received - before.received);
};

/** The ports of somebody's way to the media server. */
async function wayToServer({ page }: Person): Promise<{ fromPort: number; toPort: number }> {
  const pair = await pairOf(page);
  if (pair === null) throw new Error('There is no path yet.');
  return pair;
}
