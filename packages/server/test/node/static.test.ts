import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStatic } from '../../src/node/static.ts';

const BUNDLE = '/_expo/static/js/web/entry-09d884cc8343c9cd846f038031150c98.js';
const SCRIPT = 'console.log("hello");'.repeat(500);

const bytesOf = async (response: Response | undefined) =>
  new Uint8Array((await response?.arrayBuffer()) ?? new ArrayBuffer());

describe('the app’s files', () => {
  let dir: string;
  let serve: ReturnType<typeof createStatic>;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'parley-web-'));
    mkdirSync(join(dir, '_expo/static/js/web'), { recursive: true });
    writeFileSync(join(dir, BUNDLE), SCRIPT);
    writeFileSync(join(dir, 'index.html'), '<!doctype html><title>Parley</title>');
    writeFileSync(join(dir, 'favicon.svg'), '<svg/>');
    writeFileSync(join(dir, '.parley-stamp'), 'secret');
    writeFileSync(join(dir, '..', 'parley-outside.txt'), 'outside');
    serve = createStatic(dir);
  });
  afterAll(() => {
    rmSync(dir, { recursive: true });
    rmSync(join(dir, '..', 'parley-outside.txt'));
  });

  const get = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const response = await serve(new Request(`http://localhost${path}`, { headers, method }));
    return response;
  };

  it('files whose names carry a hash are kept for ever, the page is asked for each time', async () => {
    const script = await get(BUNDLE);
    expect(script?.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(script?.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect((await get('/'))?.headers.get('cache-control')).toBe('no-cache');
    expect((await get('/favicon.svg'))?.headers.get('cache-control')).toBe('no-cache');
  });

  it('packs what gets smaller, as the browser likes it', async () => {
    const brotli = await get(BUNDLE, { 'accept-encoding': 'gzip, deflate, br' });
    expect(brotli?.headers.get('content-encoding')).toBe('br');
    expect(brotliDecompressSync(await bytesOf(brotli)).toString()).toBe(SCRIPT);
    const gzip = await get(BUNDLE, { 'accept-encoding': 'gzip, br;q=0' });
    expect(gzip?.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(await bytesOf(gzip)).toString()).toBe(SCRIPT);
    const plain = await get(BUNDLE);
    expect(plain?.headers.get('content-encoding')).toBeNull();
    expect(await plain?.text()).toBe(SCRIPT);
    expect(brotli?.headers.get('vary')).toBe('accept-encoding');
  });

  it('takes the packed form that lies beside a file, unless the file is newer', async () => {
    const file = join(dir, 'words.js');
    writeFileSync(`${file}.br`, brotliCompressSync('ahead'));
    writeFileSync(file, 'here and now');
    const later = new Date(Date.now() + 60_000);
    utimesSync(`${file}.br`, later, later);
    const unpacked = async () =>
      brotliDecompressSync(await bytesOf(await get('/words.js', { 'accept-encoding': 'br' }))).toString();
    expect(await unpacked()).toBe('ahead');
    const newer = new Date(Date.now() + 120_000);
    utimesSync(file, newer, newer);
    expect(await unpacked()).toBe('here and now');
  });

  it('answers any address of the app with its page, but not a file that is missing', async () => {
    for (const path of ['/', '/sign-in', '/call/0b5e6a0e-6f7e-4f5f-9a94-4d3c2c1a0b0e', '/people/x/']) {
      expect(await (await get(path))?.text()).toContain('Parley');
    }
    expect(await get('/missing.png')).toBeUndefined();
    expect(await get('/sign-in', {}, 'POST')).toBeUndefined();
  });

  it('gives nothing from outside the folder, and nothing hidden', async () => {
    for (const path of [
      '/../parley-outside.txt',
      '/%2e%2e/parley-outside.txt',
      '/..%2fparley-outside.txt',
      '/.parley-stamp',
      '/%00.txt',
      '/%zz.txt',
    ]) {
      const response = await get(path);
      expect((await response?.text()) ?? '').not.toMatch(/outside|secret/);
    }
  });

  it('says that nothing has changed to whoever has it', async () => {
    const first = await get('/');
    const again = await get('/', { 'if-none-match': first?.headers.get('etag') ?? '' });
    expect(again?.status).toBe(304);
    writeFileSync(join(dir, 'index.html'), '<!doctype html><title>A new Parley</title>');
    const changed = await get('/', { 'if-none-match': first?.headers.get('etag') ?? '' });
    expect(await changed?.text()).toContain('A new Parley');
  });

  it('says what to do where the app has not been built', async () => {
    const response = await createStatic(join(dir, 'nowhere'))(new Request('http://localhost/'));
    expect(response?.status).toBe(503);
    expect(await response?.text()).toContain('npm start');
  });
});
