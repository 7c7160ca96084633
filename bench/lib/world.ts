import { type ChildProcess, execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { Relay } from '../../e2e/lab/relay.ts';
import { chromium as chromiumOptions } from '../../e2e/support/chromium.ts';
import writeMediaFiles from '../../e2e/support/media-files.ts';
import { seededDataDir } from '../../e2e/support/paths.ts';
import { ParleyServer } from '../../e2e/support/server.ts';
import { which } from '../../tools/netlab/available.ts';
import { Netlab } from '../../tools/netlab/netlab.ts';
import { KEYS, mediaServerLack, ourConfig, startMediaServer } from './media-server.ts';
import { installProbe } from './probe.ts';

/** `spare` is none: its interface is the callee's second way into the network. */
const HOSTS = ['caller', 'callee', 'server', 'relay', 'spare'] as const;
export type Host = Exclude<(typeof HOSTS)[number], 'spare'>;
const BARE_PORT = 3100;
const MEDIA_PORT = 7880;
/** A new database takes fifteen seconds of a processor, and here others take theirs, too. */
const SERVER_READY_MS = 150_000;
/** Long enough for the longest bench; a lab ends with its bench anyway. */
const LIFETIME_MS = 3_600_000;

const cores = cpus().length;
/** Servers on the first core, the two browsers on the last: neither disturbs what the other one measures. */
const coreOf = (host: Host): number => (host === 'server' || host === 'relay' ? 0 : Math.max(0, cores - 1));

export interface World {
  readonly lab: Netlab;
  readonly url: string;
  readonly bareUrl: string;
  readonly relay: Relay | null;
  readonly pinned: boolean;
  /** The same between each two hosts. */
  setRoundTrip(ms: number): Promise<void>;
  /** A page of somebody who is signed in to Parley. */
  signIn(host: Host, first: string): Promise<Page>;
  bare(host: Host, who: string, query?: string): Promise<Page>;
  /** A page of bare `livekit-client`, whose devices are open. */
  bareGroup(host: Host, who: string, query?: string): Promise<Page>;
  /** All pages are closed; the browsers and servers stay. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly relay?: boolean;
  /** A LiveKit on the server's host, for Parley's groups and for bare `livekit-client`. */
  readonly groups?: boolean;
  /** Beyond what every server has. */
  readonly env?: Record<string, string>;
}

/** Why there is none here, in one sentence; undefined where there is. */
export const worldLack = (): string | undefined => {
  const available = Netlab.available();
  return available.ok ? undefined : available.why;
};
/** As `worldLack`, where groups are wanted too. */
export const groupsLack = (): string | undefined => worldLack() ?? mediaServerLack();

let shared: Promise<World> | undefined;

/**
 * Two browsers and the servers on hosts of their own, with real network between them. In a smoke all benches take their turns in one
 * world, whose making takes longer than what they do in it; `closeShared` ends that one.
 */
export async function openWorld(options: WorldOptions & { readonly smoke: boolean }): Promise<World> {
  if (!options.smoke) return makeWorld(options);
  shared ??= makeWorld({ groups: mediaServerLack() === undefined });
  const world = await shared;
  return { ...world, close: () => world.leave() };
}

export async function closeShared(): Promise<void> {
  await (await shared)?.close();
}

async function makeWorld(options: WorldOptions): Promise<World> {
  const { relay: wantsRelay = false, groups = false, env = {} } = options;
  await writeMediaFiles();
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  // Addresses that look like the internet's: the relay relays to no others.
  const lab = await Netlab.start(HOSTS, { network: '11.78.0', lifetimeMs: LIFETIME_MS });
  const browsers = new Map<Host, Promise<Browser>>();
  const children: ChildProcess[] = [];
  let parley: ParleyServer | undefined;
  const pinned = cores > 1 && which('taskset') !== undefined;
  const pin = (host: Host, command: string, args: readonly string[]): [string, string[]] =>
    pinned ? ['taskset', ['-c', String(coreOf(host)), command, ...args]] : [command, [...args]];
  const close = async (): Promise<void> => {
    await Promise.all([...browsers.values()].map(async (browser) => (await browser).close().catch(() => undefined)));
    for (const child of children) child.kill('SIGTERM');
    await parley?.stop();
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const relay = wantsRelay ? await Relay.start(lab, 'relay', folder) : null;
    const address = lab.address('server');
    const url = `http://${address}:3000`;
    const bareUrl = `http://${address}:${BARE_PORT}`;
    const script = join(import.meta.dirname, 'bare', 'server.ts');
    // Where the tests have left a database it need not be made twice more.
    await cp(seededDataDir, join(folder, 'data'), { recursive: true }).catch(() => undefined);
    await cp(join(seededDataDir, 'postgres'), join(folder, 'bare'), { recursive: true }).catch(() => undefined);
    const mediaUrl = `http://${address}:${MEDIA_PORT}`;
    if (groups) {
      const config = ourConfig({ address }, `${url}/api/media/webhook`);
      const child = startMediaServer(config, (command, env) =>
        lab.spawn('server', command, [], { env, stdio: 'ignore' }),
      );
      children.push(child);
      await answers(lab, mediaUrl);
    }
    const bareArgs = [script, folder, String(BARE_PORT), ...(groups ? [mediaUrl] : [])];
    const bare = lab.spawn('server', process.execPath, ['--no-warnings', ...bareArgs], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(bare);
    // One after the other: each makes a database first, which takes a processor for some seconds.
    await readyOf(bare);
    const spawned: ChildProcess[] = [...children];
    parley = await ParleyServer.start({
      dataDir: join(folder, 'data'),
      spawn: (command, _, options) => {
        const child = lab.spawn(
          'server',
          command,
          ['--no-warnings', join(import.meta.dirname, 'servers', 'parley.ts')],
          options,
        );
        spawned.push(child);
        return child;
      },
      port: '3000',
      readyWithinMs: SERVER_READY_MS,
      env: {
        HOST: '0.0.0.0',
        PUBLIC_URL: url,
        // `servers/parley.ts` goes without them.
        PARLEY_RATE_LIMITS: 'on',
        ...(groups
          ? {
              PARLEY_LIVEKIT: 'auto',
              LIVEKIT_URL: mediaUrl,
              LIVEKIT_API_KEY: KEYS.key,
              LIVEKIT_API_SECRET: KEYS.secret,
            }
          : {}),
        ...(relay ? { TURN_URLS: relay.urls, TURN_SECRET: relay.secret } : {}),
        ...env,
      },
    });
    if (pinned) for (const { pid } of spawned) if (pid !== undefined) await pinProcess(pid, coreOf('server'));

    const browserOn = (host: Host): Promise<Browser> => {
      const known = browsers.get(host);
      if (known) return known;
      const { executablePath = 'chromium', args = [] } = chromiumOptions({ devices: 'fake', autoplay: true });
      const insecure = `--unsafely-treat-insecure-origin-as-secure=${url},${bareUrl}`;
      const launched = (async () => {
        const script = join(folder, `chromium-${host}`);
        const [command, rest] = pin(host, executablePath, []);
        await writeFile(script, `#!/bin/sh\nexec ${[command, ...rest].join(' ')} "$@"\n`, { mode: 0o755 });
        return chromium.launch({ executablePath: await lab.executable(host, script), args: [...args, insecure] });
      })();
      browsers.set(host, launched);
      return launched;
    };
    const pageOn = async (host: Host): Promise<Page> => {
      const browser = await browserOn(host);
      const context = await browser.newContext({
        permissions: ['microphone', 'camera'],
        viewport: { width: 1280, height: 800 },
        reducedMotion: 'reduce',
      });
      await context.addInitScript(installProbe);
      return context.newPage();
    };
    return {
      lab,
      url,
      bareUrl,
      relay,
      pinned,
      setRoundTrip: async (ms) => {
        for (const [index, one] of HOSTS.entries())
          for (const other of HOSTS.slice(index + 1)) await lab.link(one, other, { delayMs: ms / 2 });
      },
      signIn: async (host, first) => {
        const page = await pageOn(host);
        await page.goto(`${url}/sign-in`);
        await page.getByRole('button', { name: `Continue as ${first}` }).click();
        await page
          .getByRole('link', { name: /^#?\s*general/ })
          .first()
          .waitFor();
        return page;
      },
      bare: async (host, who, query = '') => {
        const page = await pageOn(host);
        await page.goto(`${bareUrl}/?who=${who}${query}`);
        await page.waitForFunction(() => document.getElementById('state')?.textContent === 'idle');
        return page;
      },
      bareGroup: async (host, who, query = '') => {
        const page = await pageOn(host);
        await page.goto(`${bareUrl}/livekit.html?who=${who}${query}`);
        await page.waitForFunction(() => document.getElementById('state')?.textContent === 'idle');
        return page;
      },
      leave: async () => {
        for (const browser of browsers.values())
          for (const context of (await browser).contexts()) await context.close();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** With all its threads. */
async function pinProcess(pid: number, core: number): Promise<void> {
  await promisify(execFile)('taskset', ['-a', '-c', '-p', String(core), String(pid)]);
}

/** Asked on the server's host: nobody else reaches it. */
async function answers(lab: Netlab, url: string): Promise<void> {
  const end = Date.now() + SERVER_READY_MS;
  while ((await lab.exec('server', 'curl', ['-sf', '-m', '2', url])).code !== 0) {
    if (Date.now() > end) throw new Error(`Nothing answers at ${url}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function readyOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('ready')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`The bare server ended with ${code}.`)));
  });
}
