// Shoots every screen of the gallery on phone, tablet and desktop, light and dark; GALLERY_LANGUAGE=de in that language.
//   node scripts/screenshots.mjs OUT_FOLDER [part of a screen's name …]
// Serves the export in dist/ (make it with `npm run web`) from a free port.
import { createReadStream, existsSync, mkdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

const [out, ...wanted] = process.argv.slice(2);
if (out === undefined) {
  console.error('usage: screenshots.mjs OUT_FOLDER [part of a screen’s name …]');
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const dist = join(import.meta.dirname, '..', 'dist');
const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wav': 'audio/wav',
  '.webmanifest': 'application/manifest+json',
};

const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
  const file = join(dist, path);
  // The app has one page; every address that is no file is one of its routes.
  const found = file.startsWith(dist) && existsSync(file) && statSync(file).isFile() ? file : join(dist, 'index.html');
  response.setHeader('content-type', types[extname(found)] ?? 'application/octet-stream');
  createReadStream(found).pipe(response);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

/** Only these, where some are named: SHAPES=phone,desktop. */
const only = process.env.SHAPES?.split(',');
const shapes = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  tablet: { viewport: { width: 820, height: 1180 }, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
};
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'],
});
let troubles = 0;
try {
  const index = await browser.newPage();
  await index.goto(`${origin}/gallery`);
  await index.getByRole('link').first().waitFor();
  const names = await index.getByRole('link').evaluateAll((links) => links.map((link) => link.textContent ?? ''));
  await index.close();
  for (const [shape, options] of Object.entries(shapes)) {
    if (only !== undefined && !only.includes(shape)) continue;
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      troubles += 1;
      console.error(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => {
      troubles += 1;
      console.error(`${page.url()}: ${error.message}`);
    });
    await page.goto(`${origin}/gallery`);
    await page.getByRole('link').first().waitFor();
    await page.evaluate(() => document.fonts.ready);
    for (const name of names) {
      if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
      for (const theme of process.env.THEMES?.split(',') ?? ['light', 'dark']) {
        const look = { screen: name, theme, language: process.env.GALLERY_LANGUAGE ?? 'en' };
        await page.evaluate((detail) => window.dispatchEvent(new CustomEvent('gallery', { detail })), look);
        await page.waitForFunction(
          (wanted) => document.querySelector('[data-look]')?.getAttribute('data-look') === wanted,
          JSON.stringify(look),
        );
        // Pictures fade in over the faces; some states have none.
        await page.waitForFunction(() =>
          [...document.querySelectorAll('video')].every((video) => getComputedStyle(video).opacity === '1'),
        );
        await page.screenshot({ path: join(out, `${name}-${shape}-${theme}.png`) });
      }
    }
    await context.close();
  }
} finally {
  await browser.close();
  server.close();
}
if (troubles > 0) process.exitCode = 1;
