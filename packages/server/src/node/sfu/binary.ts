import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

/** As `tools/livekit-server/go.mod` has it. */
export const VERSION = '1.13.5';
const SOURCE = fileURLToPath(new URL('../../../../../tools/livekit-server', import.meta.url));
/** Where LiveKit's releases lie. */
const RELEASES = 'https://github.com/livekit/livekit/releases/download';

const EXECUTABLE = 'livekit-server';

interface Wanted {
  /** `PARLEY_CACHE_DIR`, or null for the user's cache folder. */
  readonly cacheDir: string | null;
  /** `PARLEY_LIVEKIT_RELEASES`: another place with the same files. */
  readonly releases: string | null;
  /** Told what takes long. */
  say(line: string): void;
  readonly signal: AbortSignal;
  /** For tests; the environment's otherwise. */
  readonly path?: string;
  readonly go?: string | null;
}

/** The user's own, as the platform has it (XDG Base Directory, Apple's File System Programming Guide). */
export function cacheFolder(chosen: string | null): string {
  if (chosen !== null) return chosen;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'parley');
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'parley');
}

/**
 * A `livekit-server` for this machine: on the PATH, else in the cache, else built where Go is at hand, else the release.
 * @throws Error with what failed last, where none can be had
 */
export async function findLiveKit(wanted: Wanted): Promise<string> {
  const onPath = await which(EXECUTABLE, wanted.path ?? process.env.PATH ?? '');
  if (onPath !== null) return onPath;
  const folder = cacheFolder(wanted.cacheDir);
  const cached = join(folder, `${EXECUTABLE}-${VERSION}-${process.platform}-${process.arch}`);
  if (await isExecutable(cached)) return cached;
  await mkdir(folder, { recursive: true });
  const go = wanted.go === undefined ? await findGo() : wanted.go;
  const reasons: string[] = [];
  for (const [what, make] of [
    ...(go === null ? [] : [['Go could not build it', (to: string) => build(go, to, wanted)] as const]),
    ['the release could not be had', (to: string) => download(to, wanted)] as const,
  ]) {
    // Under a name of its own first: another server may be at it too, and what is half-written must not be run.
    const draft = `${cached}.${randomUUID()}`;
    try {
      await make(draft);
      await chmod(draft, 0o755);
      await rename(draft, cached);
      return cached;
    } catch (error) {
      if (wanted.signal.aborted) throw error;
      reasons.push(`${what} (${error instanceof Error ? error.message : String(error)})`);
    } finally {
      await rm(draft, { force: true });
    }
  }
  throw new Error(reasons.join('; '));
}

async function build(go: string, to: string, { say, signal }: Wanted): Promise<void> {
  say('Building the media server for group calls, once: some minutes. Calls of two work meanwhile.');
  // In a copy: Go would write to go.sum, and the clone may be read-only.
  const folder = await mkdtemp(join(tmpdir(), 'parley-livekit-'));
  try {
    for (const file of ['go.mod', 'go.sum']) await copyFile(join(SOURCE, file), join(folder, file));
    await run(
      go,
      [
        'build',
        '-mod=readonly',
        '-trimpath',
        '-ldflags=-s -w',
        '-o',
        to,
        'github.com/livekit/livekit-server/cmd/server',
      ],
      { cwd: folder, env: { ...process.env, GOFLAGS: '', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' }, signal },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function download(to: string, { releases, say, signal }: Wanted): Promise<void> {
  const name = releaseName();
  const base = `${(releases ?? RELEASES).replace(/\/$/, '')}/v${VERSION}`;
  say('Fetching the media server for group calls, once. Calls of two work meanwhile.');
  const folder = await mkdtemp(join(tmpdir(), 'parley-livekit-'));
  try {
    const sums = (await fetched(`${base}/checksums.txt`, signal)).toString('utf8');
    const expected = new RegExp(`^([0-9a-f]{64})\\s+\\*?${name.replaceAll('.', '\\.')}$`, 'm').exec(sums)?.[1];
    if (expected === undefined) throw new Error(`checksums.txt does not name ${name}`);
    const archive = join(folder, name);
    await writeFile(archive, await fetched(`${base}/${name}`, signal));
    if ((await sha256(archive)) !== expected) throw new Error(`${name} is not what checksums.txt says`);
    await run('tar', ['-xzf', archive, '-C', folder, EXECUTABLE], { signal });
    await copyFile(join(folder, EXECUTABLE), to);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As LiveKit names its archives. */
export function releaseName(platform: string = process.platform, arch: string = process.arch): string {
  const cpu = { x64: 'amd64', arm64: 'arm64', arm: 'armv7' }[arch];
  if (platform !== 'linux' || cpu === undefined) throw new Error(`there is none for ${platform} on ${arch}`);
  return `livekit_${VERSION}_linux_${cpu}.tar.gz`;
}

async function fetched(address: string, signal: AbortSignal): Promise<Buffer> {
  const response = await fetch(address, { signal });
  if (!response.ok) throw new Error(`${new URL(address).host} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

async function which(name: string, path: string): Promise<string | null> {
  for (const folder of path.split(delimiter)) {
    if (folder !== '' && (await isExecutable(join(folder, name)))) return join(folder, name);
  }
  return null;
}

async function findGo(): Promise<string | null> {
  const found = (await which('go', process.env.PATH ?? '')) ?? '/usr/local/go/bin/go';
  return (await isExecutable(found)) ? found : null;
}

/** For the test that holds the two together. */
export const pinnedVersion = async (): Promise<string | undefined> =>
  /github\.com\/livekit\/livekit-server v(\S+)/.exec(await readFile(join(SOURCE, 'go.mod'), 'utf8'))?.[1];
