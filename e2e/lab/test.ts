import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserType, test as base } from '@playwright/test';
import { Netlab } from '../../tools/netlab/netlab.ts';
import { answerOn } from '../../tools/netlab/test/hosts.ts';
import { chromium } from '../support/chromium.ts';
import { Person } from '../support/person.ts';
import { ParleyServer } from '../support/server.ts';
import { Relay } from './relay.ts';

/*
 * One lab for all tests of a worker: its hosts and what runs on them take longer to start than most tests take.
 * Addresses look like the internet's, since the relay is configured to relay to nothing else.
 */
const network = '11.77.0';
export const addresses = {
  metadata: '169.254.169.254',
  inside: '192.168.7.7',
  /** The relay's own, so that it can be asked for allocations of that family. */
  relay6: '2600:77::4',
} as const;
/** Where `answerOn` listens. */
export const echoPort = 7007;
const perfect = { delayMs: 0, jitterMs: 0, lossPercent: 0, down: false };
const hosts = ['caller', 'callee', 'server', 'relay'];

type WorkerFixtures = {
  folder: string;
  /** Caller, callee, server and relay, and two that a relay must not reach: the inside of a cloud and its metadata. */
  lab: Netlab;
  relay: Relay;
  parley: ParleyServer;
  /** At the caller's browser. */
  ada: Person;
  /** At the callee's browser. */
  grace: Person;
};

export const test = base.extend<{ perfectLinks: undefined }, WorkerFixtures>({
  folder: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from its first parameter
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'parley-lab-'));
      await use(folder);
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  lab: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const { metadata, inside } = addresses;
      const more = [
        { name: 'metadata', address: metadata },
        { name: 'inside', address: inside },
      ];
      const lab = await Netlab.start([...hosts, ...more], { network });
      await Promise.all(['callee', 'metadata', 'inside'].map((host) => answerOn(lab, host)));
      await use(lab);
      await lab.stop();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  relay: [
    async ({ lab, folder }, use) => {
      const { code, stderr } = await lab.exec('relay', 'ip', [
        '-6',
        'address',
        'add',
        `${addresses.relay6}/128`,
        'dev',
        'lo',
      ]);
      if (code !== 0) throw new Error(`The relay could not be given an IPv6 address: ${stderr}`);
      await use(await Relay.start(lab, 'relay', folder, addresses.relay6));
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  parley: [
    async ({ lab, folder, relay }, use) => {
      const server = await ParleyServer.start({
        dataDir: join(folder, 'data'),
        spawn: (command, args, options) => lab.spawn('server', command, args, options),
        port: '3000',
        env: {
          HOST: '0.0.0.0',
          PUBLIC_URL: `http://${lab.address('server')}:3000`,
          // Only a server that nobody else reaches may go without.
          PARLEY_RATE_LIMITS: 'on',
          TURN_URLS: relay.urls,
          TURN_SECRET: relay.secret,
        },
      });
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  ada: [
    async ({ playwright, lab, parley }, use) => at(playwright.chromium, lab, 'caller', parley, 'Ada', use),
    person(),
  ],
  grace: [
    async ({ playwright, lab, parley }, use) => at(playwright.chromium, lab, 'callee', parley, 'Grace', use),
    person(),
  ],
  perfectLinks: [
    async ({ lab }, use) => {
      await use(undefined);
      await Promise.all(hosts.map((host) => lab.allLinks(host, perfect)));
    },
    { auto: true },
  ],
});

export { expect } from '@playwright/test';

/** For the stories of a file: two people may call each other five times a minute, and a server that has just begun has counted none. */
export function withoutCounts(): void {
  test.beforeAll(async ({ parley }) => {
    await parley.stop();
    await parley.restart();
  });
}

function person(): { scope: 'worker'; timeout: number } {
  return { scope: 'worker', timeout: 180_000 };
}

/** As `personAt`, for a fixture. */
async function at(
  browserType: BrowserType,
  lab: Netlab,
  host: string,
  parley: ParleyServer,
  first: string,
  use: (person: Person) => Promise<void>,
): Promise<void> {
  const { person, close } = await personAt(browserType, lab, host, parley, first);
  await use(person);
  await close();
}

/** Somebody at a browser that runs on a host of the lab; the page has a microphone and a camera, and may use them. */
export async function personAt(
  browserType: BrowserType,
  lab: Netlab,
  host: string,
  parley: ParleyServer,
  first: string,
): Promise<{ person: Person; close(): Promise<void> }> {
  const url = `http://${lab.address('server')}:${new URL(parley.url).port}`;
  const { executablePath, args = [] } = chromium({ devices: 'fake', autoplay: true });
  const browser = await browserType.launch({
    executablePath: await lab.executable(host, executablePath ?? 'chromium'),
    args: [...args, `--unsafely-treat-insecure-origin-as-secure=${url}`],
  });
  const options = { permissions: ['microphone', 'camera'], viewport: { width: 1280, height: 800 } };
  const person = await Person.signIn(browser, url, first, { ...options, reducedMotion: 'reduce' });
  return { person, close: () => browser.close() };
}
