import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};
const COMPRESSED = new Set([
  '.html',
  '.js',
  '.mjs',
  '.css',
  '.json',
  '.map',
  '.webmanifest',
  '.svg',
  '.ttf',
  '.txt',
  '.wasm',
]);
/** A name that changes with its contents, as the bundler makes them. */
const HASHED = /[.-][0-9a-f]{16,}\.[a-z0-9]+$/i;

const PAGE = '/index.html';

type Encoding = 'br' | 'gzip' | 'identity';

/**
 * Serves the app's files, and its page for any address that names no file, so that the app's router decides. A file is read
 * once for each version, in the packed form that lies beside it or packed here; the folder may be replaced while the server
 * runs.
 */
export function createStatic(dir: string): (request: Request) => Promise<Response | undefined> {
  const cache = new Map<string, { version: string; bodies: Map<Encoding, Promise<Buffer<ArrayBuffer>>> }>();

  async function serve(request: Request, path: string): Promise<Response | undefined> {
    const file = join(dir, path);
    const found = await stat(file).catch(() => undefined);
    if (found === undefined || !found.isFile()) return undefined;
    const version = `${found.mtimeMs}-${found.size}`;
    const etag = `"${createHash('sha256').update(`${path}-${version}`).digest('base64url').slice(0, 22)}"`;
    const extension = extname(path).toLowerCase();
    const encoding = COMPRESSED.has(extension) ? bestEncoding(request.headers.get('accept-encoding')) : 'identity';
    const headers: Record<string, string> = {
      'content-type': TYPES[extension] ?? 'application/octet-stream',
      'cache-control': HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
      // Weak, because one tag stands for all encodings of a file.
      etag: `W/${etag}`,
      ...(COMPRESSED.has(extension) ? { vary: 'accept-encoding' } : {}),
    };
    if (request.headers.get('if-none-match')?.includes(etag)) return new Response(null, { status: 304, headers });
    const body = await contents(file, version, encoding);
    return new Response(request.method === 'HEAD' ? null : body, {
      headers: {
        ...headers,
        'content-length': String(body.byteLength),
        ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
      },
    });
  }

  function contents(file: string, version: string, encoding: Encoding): Promise<Buffer<ArrayBuffer>> {
    let entry = cache.get(file);
    if (entry?.version !== version) {
      entry = { version, bodies: new Map() };
      cache.set(file, entry);
    }
    const { bodies } = entry;
    const known = bodies.get(encoding);
    if (known !== undefined) return known;
    const body = ready(file, version, encoding).then(async (made) => made ?? packed(await readFile(file), encoding));
    bodies.set(encoding, body);
    body.catch(() => bodies.delete(encoding));
    return body;
  }

  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const path = pathOf(request.url);
    if (path === undefined) return undefined;
    const file = await serve(request, path);
    if (file !== undefined) return file;
    // An image that is missing is missing; an address of the app has no ending.
    if (extname(path) !== '' && path !== PAGE) return undefined;
    return (await serve(request, PAGE)) ?? noBuild();
  };
}

/** The path of the address, without a way out of the folder, or undefined where it has none. */
function pathOf(url: string): string | undefined {
  try {
    const path = normalize(decodeURIComponent(new URL(url).pathname));
    if (path.includes('\0') || path.split('/').some((part) => part === '..' || part.startsWith('.'))) return undefined;
    return path === '/' ? PAGE : path;
  } catch {
    return undefined;
  }
}

const ENDING = { br: '.br', gzip: '.gz', identity: undefined } as const;

/** The packed form that the build has laid beside a file, unless the file is newer. */
async function ready(file: string, version: string, encoding: Encoding): Promise<Buffer<ArrayBuffer> | undefined> {
  const ending = ENDING[encoding];
  if (ending === undefined) return undefined;
  const beside = await stat(`${file}${ending}`).catch(() => undefined);
  if (!beside?.isFile() || beside.mtimeMs < Number(version.split('-', 1)[0])) return undefined;
  return readFile(`${file}${ending}`).catch(() => undefined);
}

const asBrotli = promisify(brotliCompress);
const asGzip = promisify(gzip);

async function packed(raw: Buffer<ArrayBuffer>, encoding: Encoding): Promise<Buffer<ArrayBuffer>> {
  if (encoding === 'br') return asBrotli(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
  if (encoding === 'gzip') return asGzip(raw, { level: 6 });
  return raw;
}

function bestEncoding(accepted: string | null): Encoding {
  const names = (accepted ?? '').split(',').map((part) => part.trim().toLowerCase());
  const takes = (name: string) =>
    names.some((part) => part.split(';', 1)[0] === name && !/;\s*q=0(?:\.0*)?$/.test(part));
  if (takes('br')) return 'br';
  return takes('gzip') ? 'gzip' : 'identity';
}

function noBuild(): Response {
  const page =
    '<!doctype html><meta charset="utf-8"><title>Parley</title>' +
    '<p>The server runs, but the app has not been built. <code>npm start</code> builds it.</p>';
  return new Response(page, {
    status: 503,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  });
}
