import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../support/paths.ts';
import { test as base, expect } from '../support/test.ts';

type Started = {
  child: ChildProcess;
  output: () => { stdout: string; stderr: string };
  ready: Promise<string>;
  ended: Promise<number | null>;
};

/** `npm start` in a process group of its own, as a terminal would have it. */
const test = base.extend<{ folder: string; start: (env: Record<string, string>) => Started }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-start-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  start: async ({ folder }, use) => {
    const started: Started[] = [];
    await use((env) => {
      const child = spawn('npm', ['start'], {
        cwd: root,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, PORT: '0', PARLEY_DATA_DIR: folder, ...env },
      });
      let stdout = '';
      let stderr = '';
      child.stderr?.on('data', (chunk) => {
        stderr += chunk;
      });
      const ready = new Promise<string>((resolve) => {
        child.stdout?.on('data', (chunk) => {
          stdout += chunk;
          const address = /https?:\/\/\S+/.exec(stdout)?.[0];
          if (address) resolve(address);
        });
      });
      const ended = new Promise<number | null>((resolve) => {
        child.on('close', resolve);
      });
      const result = { child, ready, ended, output: () => ({ stdout, stderr }) };
      started.push(result);
      return result;
    });
    for (const { child, ended } of started) {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await ended;
    }
  },
});

/** What the program itself says of its end: npm adds lines of its own. */
const sentences = ({ stderr }: { stderr: string }): string[] =>
  stderr.split('\n').filter((line) => line.trim() !== '' && !/^npm /.test(line));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`npm start serves the app and ${signal} to the whole group stops it with status 0`, async ({ start }) => {
    const { child, ready, ended } = start({});
    const address = await ready;
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await (await fetch(new URL('/health/live', address))).json()).toBeTruthy();
    if (child.pid === undefined) throw new Error('npm did not start.');
    process.kill(-child.pid, signal);
    expect(await ended).toBe(0);
    await expect(fetch(address)).rejects.toThrow();
  });
}

test('SIGTERM to npm alone, twice, stops everything with status 0', async ({ start }) => {
  const { child, ready, ended } = start({});
  const address = await ready;
  child.kill('SIGTERM');
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  await expect(fetch(address)).rejects.toThrow();
});

for (const [name, value] of [
  ['PORT', 'abc'],
  ['PORT', '70000'],
  ['PARLEY_RING_TIMEOUT_MS', 'soon'],
  ['PARLEY_LEASE_MS', '-1'],
  ['DATABASE_URL', 'not-a-url'],
  ['PUBLIC_URL', 'nowhere'],
] as const) {
  test(`${name}=${value} ends the start with one sentence that names the variable`, async ({ start }) => {
    const { ended, output } = start({ [name]: value });
    expect(await ended).toBe(1);
    expect(sentences(output())).toHaveLength(1);
    expect(sentences(output())[0]).toContain(name);
  });
}

test('a port in use ends the start with one sentence', async ({ start }) => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address ? String(address.port) : '';
  const { ended, output } = start({ PORT: port });
  expect(await ended).toBe(1);
  expect(sentences(output())).toHaveLength(1);
  expect(sentences(output())[0]).toContain(port);
  other.close();
});

test('a second server on the same folder is refused, and the first goes on', async ({ start, folder }) => {
  const first = start({});
  const address = await first.ready;
  const second = start({});
  expect(await second.ended).toBe(1);
  expect(sentences(second.output())).toHaveLength(1);
  expect(sentences(second.output())[0]).toContain(folder);
  expect((await fetch(new URL('/health/ready', address))).status).toBe(200);
});

test('a data folder that cannot be written ends the start with one sentence', async ({ start, folder }) => {
  const inTheWay = join(folder, 'a-file');
  await writeFile(inTheWay, '');
  await chmod(inTheWay, 0o400);
  const { ended, output } = start({ PARLEY_DATA_DIR: join(inTheWay, 'data') });
  expect(await ended).toBe(1);
  expect(sentences(output())).toHaveLength(1);
});
