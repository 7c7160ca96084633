import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, findLiveKit, pinnedVersion, releaseName, VERSION } from '../../src/node/sfu/binary.ts';
import { provideMedia } from '../../src/node/sfu/provide.ts';

const ARCHIVE = `livekit_${VERSION}_linux_${process.arch === 'arm64' ? 'arm64' : 'amd64'}.tar.gz`;
/** What stands in for the program: nobody starts it here. */
const PROGRAM = '#!/bin/sh\necho livekit\n';

let dir: string;
let said: string[];
let asked: string[];
let files: Map<string, Buffer>;
let server: Server;
let releases: string;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'parley-binary-'));
  said = [];
  asked = [];
  files = new Map();
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const file = files.get(request.url ?? '');
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  releases = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/releases`;
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true, force: true });
});

/** A release as LiveKit publishes them. */
function publish(sum?: string): void {
  const content = join(dir, 'content');
  mkdirSync(content);
  writeFileSync(join(content, 'livekit-server'), PROGRAM);
  writeFileSync(join(content, 'LICENSE'), 'words');
  execFileSync('tar', ['-czf', join(dir, 'archive'), '-C', content, 'livekit-server', 'LICENSE']);
  const archive = readFileSync(join(dir, 'archive'));
  const right = createHash('sha256').update(archive).digest('hex');
  files.set(`/releases/v${VERSION}/${ARCHIVE}`, archive);
  files.set(
    `/releases/v${VERSION}/checksums.txt`,
    Buffer.from(`${'0'.repeat(64)}  livekit_${VERSION}_windows_amd64.zip\n${sum ?? right}  ${ARCHIVE}\n`),
  );
}

const wanted = (more: { path?: string; go?: string | null; signal?: AbortSignal } = {}) => ({
  cacheDir: join(dir, 'cache'),
  releases,
  say: (line: string) => said.push(line),
  signal: new AbortController().signal,
  path: '',
  go: null,
  ...more,
});
const cached = () => readdirSync(join(dir, 'cache'));

describe.runIf(process.platform === 'linux')('the release of LiveKit', () => {
  it('is fetched once, checked, and kept for the next start', async () => {
    publish();
    const found = await findLiveKit(wanted());
    expect(readFileSync(found, 'utf8')).toBe(PROGRAM);
    expect(statSync(found).mode & 0o111).toBe(0o111);
    expect(found).toBe(join(dir, 'cache', `livekit-server-${VERSION}-linux-${process.arch}`));
    expect(said).toHaveLength(1);
    asked = [];
    expect(await findLiveKit(wanted())).toBe(found);
    expect(asked).toEqual([]);
    expect(cached()).toHaveLength(1);
  });

  it('is not run where its checksum is another, and nothing of it stays', async () => {
    publish('a'.repeat(64));
    await expect(findLiveKit(wanted())).rejects.toThrow(/not what checksums.txt says/);
    expect(cached()).toEqual([]);
  });

  it('is not run where nobody says what its checksum is', async () => {
    publish();
    files.set(`/releases/v${VERSION}/checksums.txt`, Buffer.from(`${'0'.repeat(64)}  something-else\n`));
    await expect(findLiveKit(wanted())).rejects.toThrow(/does not name/);
    expect(cached()).toEqual([]);
  });

  it('that cannot be had leaves a reason, and two who fetch at once do not disturb each other', async () => {
    await expect(findLiveKit(wanted())).rejects.toThrow(/answered 404/);
    publish();
    const [one, other] = await Promise.all([findLiveKit(wanted()), findLiveKit(wanted())]);
    expect(one).toBe(other);
    expect(cached()).toHaveLength(1);
  });

  it('is fetched where Go is there and cannot build', async () => {
    publish();
    const go = join(dir, 'go');
    writeFileSync(go, '#!/bin/sh\necho "no such module" >&2\nexit 1\n');
    chmodSync(go, 0o755);
    expect(readFileSync(await findLiveKit(wanted({ go })), 'utf8')).toBe(PROGRAM);
    files.clear();
    rmSync(join(dir, 'cache'), { recursive: true });
    await expect(findLiveKit(wanted({ go }))).rejects.toThrow(/no such module.*404/);
  });

  it('is not fetched where one is on the PATH', async () => {
    const path = join(dir, 'bin');
    mkdirSync(path);
    writeFileSync(join(path, 'livekit-server'), PROGRAM, { mode: 0o755 });
    expect(await findLiveKit(wanted({ path }))).toBe(join(path, 'livekit-server'));
    expect(asked).toEqual([]);
  });
});

describe('LiveKit’s program', () => {
  it('is of the version that go.mod pins', async () => {
    expect(await pinnedVersion()).toBe(VERSION);
  });

  it('has a release for Linux alone', () => {
    expect(releaseName('linux', 'x64')).toBe(`livekit_${VERSION}_linux_amd64.tar.gz`);
    expect(releaseName('linux', 'arm64')).toBe(`livekit_${VERSION}_linux_arm64.tar.gz`);
    for (const [platform, arch] of [
      ['darwin', 'arm64'],
      ['linux', 's390x'],
    ] as const) {
      expect(() => releaseName(platform, arch)).toThrow(platform);
    }
  });

  it('is kept in the folder that was chosen, else in the user’s', () => {
    expect(cacheFolder('/somewhere')).toBe('/somewhere');
    expect(cacheFolder(null)).toMatch(/parley$/);
  });

  it('that cannot be had is said once, and the server goes on without', async () => {
    const settings = {
      kind: 'own',
      cacheDir: join(dir, 'cache'),
      releases,
      udpPorts: null,
      path: '',
      go: null,
    } as const;
    const logged: string[] = [];
    const log = (_fields: unknown, message: string) => logged.push(message);
    const media = provideMedia(settings, {
      dataDir: dir,
      host: '127.0.0.1',
      loopback: true,
      publicUrl: 'http://localhost:3000',
      localUrl: 'http://localhost:3000',
      stunUrls: [],
      log: { info: log, warn: log, error: log },
      say: (line) => said.push(line),
    });
    await expect.poll(() => media?.server.state()).toBe('absent');
    expect(media?.server.publicUrl()).toBeNull();
    expect(said.filter((line) => line.startsWith('No media server'))).toEqual([
      expect.stringMatching(/404.*up to four people.*LIVEKIT_URL/),
    ]);
    await media?.stop();
  });
});
