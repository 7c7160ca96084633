import { expect, it } from 'vitest';
import { pageOf } from '../lib/web-page.mjs';

const script = (name: string) => `<script src="/_expo/static/js/web/${name}.js" defer></script>`;

it('the page loads no more than its first scripts, names what the parts share, and asks for the typeface at once', () => {
  const files = ['assets/inter-greek-wght-normal.0a1b.woff2', 'assets/inter-latin-wght-normal.2c3d.woff2'];
  const html = `<title>Parley</title><body>${script('runtime-1a')}${script('__common-2b')}${script('entry-3c')}</body>`;
  const page = pageOf(html, files);
  expect(page).toContain(`<body>${script('runtime-1a')}${script('entry-3c')}</body>`);
  expect(page).toContain('<meta name="parley-shared" content="/_expo/static/js/web/__common-2b.js" />');
  expect(page).toContain(
    '<link rel="preload" as="font" type="font/woff2" href="/assets/inter-latin-wght-normal.2c3d.woff2"',
  );
  expect(page.match(/rel="preload"/g)).toHaveLength(1);
});

it('a page whose parts share nothing stays as it is', () => {
  const html = `<title>Parley</title><body>${script('entry-3c')}</body>`;
  expect(pageOf(html, []).replaceAll(/\s/g, '')).toBe(html.replaceAll(/\s/g, ''));
});
