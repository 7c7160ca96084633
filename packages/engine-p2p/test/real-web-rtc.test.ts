import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scenarios } from '../test-browser/page.ts';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const root = fileURLToPath(new URL('..', import.meta.url));

const PAGE = `<!doctype html><title>engine-p2p</title>
<script type="importmap">{ "imports": {
  "@parley/client/rtc-stats": "/client/rtc-stats.ts",
  "@parley/client/silence-watch": "/client/silence-watch.ts"
} }</script>
<script type="module" src="/test-browser/page.ts"></script>`;

/** The sources as they are, less their types: the engine imports nothing at run time but its own files and that one. */
function serve(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === '/') return response.setHeader('content-type', 'text/html').end(PAGE);
    const [, folder, name] = /^\/(src|test-browser|client)\/([a-z0-9-]+\.ts)$/.exec(path) ?? [];
    if (folder === undefined) return response.writeHead(404).end();
    const source = await readFile(`${root}${folder === 'client' ? '../client/src/media' : folder}/${name}`, 'utf8');
    response.setHeader('content-type', 'text/javascript').end(stripTypeScriptTypes(source));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe.skipIf(!existsSync(executablePath))("P2pEngine on Chromium's own WebRTC", () => {
  let server: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    server = await serve();
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
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'scenarios' in globalThis);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const run = <N extends keyof Scenarios>(name: N, ...args: Parameters<Scenarios[N]>) =>
    page.evaluate(
      ([scenario, parameters]) =>
        (globalThis as unknown as { scenarios: Record<string, (...args: unknown[]) => unknown> }).scenarios[scenario]?.(
          ...parameters,
        ),
      [name, args] as const,
    ) as Promise<Awaited<ReturnType<Scenarios[N]>>>;

  it('M2 M3 brings sound and picture to both sides with one offer, which asks for FEC and DTX', async () => {
    const { states, widths, stats, offers, opus } = await run('both');
    expect(states).toEqual(['connecting', 'connected', 'closed']);
    expect(widths.every((width) => width > 0)).toBe(true);
    expect(stats).toMatchObject({ path: 'direct', audioCodec: 'opus' });
    const { bitrateKbps, sentBitrateKbps, availableKbps, sentLossPercent, freezes, concealedPercent } = stats;
    expect([bitrateKbps, sentBitrateKbps, availableKbps].map((figure) => (figure ?? 0) > 0)).toEqual([
      true,
      true,
      true,
    ]);
    for (const figure of [sentLossPercent, freezes, concealedPercent]) expect(figure).toBeGreaterThanOrEqual(0);
    expect({ offers, opus }).toEqual({ offers: 1, opus: true });
  });

  it('M4 M6 connects without devices, and shows a camera that comes later without another offer', async () => {
    const { width, negotiatedAgain } = await run('withoutDevices');
    expect(width).toBeGreaterThan(0);
    expect(negotiatedAgain).toBe(0);
  });

  it.each(['a', 'b'] as const)('M5 M8 meets %s again after its reload, in the same stream', async (who) => {
    const { width, streams } = await run('reload', who);
    expect(width).toBeGreaterThan(0);
    expect(streams).toBe(1);
  });

  it.each(['a', 'b'] as const)('M17 shows what %s shares, with one more offer for any number of times', async (who) => {
    const { widths, camera, offers, states } = await run('screen', who);
    expect(widths).toEqual([800, 800]);
    expect(camera).toBeGreaterThan(0);
    expect({ offers, states }).toEqual({ offers: 2, states: ['connecting', 'connected'] });
  });

  it('brings four people together, each with each', async () => {
    expect(await run('mesh')).toEqual({ pictures: 12, path: 'direct' });
  });

  it.each(['a', 'b'] as const)(
    'M9 M15 restarts ICE with newer servers when the network of %s changes, and the picture goes on',
    async (who) => {
      const { width, restarted } = await run('networkChange', who);
      expect(width).toBeGreaterThan(0);
      expect(restarted).toBe(true);
    },
  );
});
