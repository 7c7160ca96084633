import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scenarios } from '../test-browser/page.ts';
import { LiveKitServer, liveKitBinary } from './livekit-server.ts';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const root = fileURLToPath(new URL('..', import.meta.url));
const sdk = join(dirname(createRequire(import.meta.url).resolve('livekit-client')), 'livekit-client.esm.mjs');

const page = (sfuUrl: string) => `<!doctype html><title>engine-livekit</title>
<script>globalThis.sfuUrl = ${JSON.stringify(sfuUrl)}</script>
<script type="importmap">{ "imports": {
  "@parley/client/rtc-stats": "/client/rtc-stats.ts",
  "@parley/client/silence-watch": "/client/silence-watch.ts",
  "livekit-client": "/livekit-client.mjs"
} }</script>
<script type="module" src="/test-browser/page.ts"></script>`;

/** The sources as they are, less their types, and the SDK. */
function serve(sfuUrl: string): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === '/') return response.setHeader('content-type', 'text/html').end(page(sfuUrl));
    response.setHeader('content-type', 'text/javascript');
    if (path === '/livekit-client.mjs') return response.end(await readFile(sdk));
    const [, folder, name] = /^\/(src|test-browser|client)\/([a-z0-9-]+\.ts)$/.exec(path) ?? [];
    if (folder === undefined) return response.writeHead(404).end();
    const source = await readFile(`${root}${folder === 'client' ? '../client/src/media' : folder}/${name}`, 'utf8');
    response.end(stripTypeScriptTypes(source));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const binary = liveKitBinary();

/** Without the server in the cache (`npm start` puts it there) or without Chromium there is nothing to run on. */
describe.skipIf(!existsSync(executablePath) || binary === null)('LiveKitEngine on a real server, in Chromium', () => {
  const livekit = new LiveKitServer(binary ?? '');
  let server: Server;
  let browser: Browser;
  let tab: Page;

  beforeAll(async () => {
    await livekit.start();
    server = await serve(livekit.url);
    browser = await chromium.launch({
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        '--autoplay-policy=no-user-gesture-required',
        '--allow-loopback-in-peer-connection',
      ],
    });
    tab = await browser.newPage();
    if (process.env.LIVEKIT_LOG) tab.on('console', (message) => console.log(message.text()));
    await tab.exposeFunction('host_token', livekit.token.bind(livekit));
    await tab.exposeFunction('host_grant', livekit.grant.bind(livekit));
    await tab.exposeFunction('host_remove', livekit.remove.bind(livekit));
    await tab.exposeFunction('host_silence', livekit.silence.bind(livekit));
    await tab.exposeFunction('host_restart', async () => {
      await livekit.stop();
      await livekit.start();
    });
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await tab.waitForFunction(() => 'scenarios' in globalThis);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    await livekit.stop();
  });

  const run = <N extends keyof Scenarios>(name: N) =>
    tab.evaluate(
      (scenario) => (globalThis as unknown as { scenarios: Record<string, () => unknown> }).scenarios[scenario]?.(),
      name,
    ) as Promise<Awaited<ReturnType<Scenarios[N]>>>;

  it('M2 M3 brings sound and picture to both sides, says who speaks, and lends tracks', async () => {
    const { states, loud, stats, flowed, live, quality } = await run('both');
    expect(states).toEqual(['connecting', 'connected']);
    expect(flowed).toEqual(['bob']);
    expect(loud).toBeGreaterThan(0.02);
    expect(stats).toMatchObject({ path: 'server', audioCodec: expect.any(String), videoCodec: 'VP8' });
    expect(stats.bitrateKbps).toBeGreaterThan(0);
    expect({ live, quality }).toEqual({ live: 'live', quality: true });
  });

  it('sends a viewer the layer that was asked for, and nothing of a picture out of sight', async () => {
    const { low, high, off, drawnWhileOff } = await run('demand');
    expect(low).toBeGreaterThan(3_000);
    expect(high).toBeGreaterThan(low * 1.5);
    expect({ off, drawnWhileOff }).toEqual({ off: 0, drawnWhileOff: 0 });
  });

  it('does not even begin a picture while nobody wants any', async () => {
    expect(await run('nobodyLooks')).toEqual({ bytes: 0, picture: false });
  });

  it('receives and sends nothing ahead of the grant, and both right after it on the same connection', async () => {
    const { before, heardAfterMs, states } = await run('ahead');
    expect(before).toEqual({ streams: 0, flowed: 0, bytes: 0, heardOfHer: null });
    expect(heardAfterMs).toBeLessThan(3_000);
    expect(states).toEqual(['connecting', 'connected']);
  });

  it('receives nothing of somebody who takes no part yet, though their microphone is open', async () => {
    const { before, after, again } = await run('notAdmitted');
    expect(before).toEqual({ bytes: 0, people: 0 });
    expect(after).toBeGreaterThan(500);
    expect(again).toBe(0);
  });

  it('shows a shared screen whole, small or not at all, and takes it away again', async () => {
    const { readyState, whole, small, off, known } = await run('screen');
    expect({ readyState, off, known }).toEqual({ readyState: 'live', off: 0, known: true });
    expect(small).toBeGreaterThan(0);
    expect(whole).toBeGreaterThan(small);
  });

  it('tells why it ended, and that it was muted from afar', async () => {
    expect(await run('ends')).toEqual({
      a: ['duplicate_identity'],
      b: ['removed'],
      refused: ['token_refused'],
      silenced: ['microphone'],
      state: 'failed',
    });
  });

  it('restarts ICE at a hint that the network has changed, in the same room, and is heard on', async () => {
    const { heard, ...rest } = await run('hint');
    expect(heard).toBeGreaterThan(500);
    const states = ['connecting', 'connected'];
    expect(rest).toEqual({ states, ended: [], others: states });
  });

  it('comes back by itself after the server was killed', async () => {
    expect(await run('killed')).toEqual({
      states: ['connecting', 'connected', 'reconnecting', 'connected'],
      people: [1, 1],
    });
  }, 60_000);
});
