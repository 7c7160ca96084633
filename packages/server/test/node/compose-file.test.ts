import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { VARIABLES } from '../../src/node/variables.ts';
import { startChild } from '../support/child-server.ts';

/** No engine runs it where this is tested: what can be held against the sources is. */
const root = resolve(import.meta.dirname, '../../../..');
const folder = join(root, 'docs/examples');
const text = readFileSync(join(folder, 'compose.yaml'), 'utf8');
const proxyConfig = readFileSync(join(folder, 'nginx.conf'), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile_inline: string };
  /** Null where it is taken from the shell, or is not there. */
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly deploy?: { readonly replicas: number };
}
const secrets: Readonly<Record<string, string>> = {
  POSTGRES_PASSWORD: 'p'.repeat(64),
  LIVEKIT_API_SECRET: 's'.repeat(64),
};

/** As Compose does: `${NAME}`, `${NAME:-default}`, and `${NAME:?}` for what has to be there. */
const interpolated = text.replaceAll(
  /\$\{(\w+)(:-|:\?)?([^}]*)\}/g,
  (_all, name: string, kind: string, rest: string) => {
    const value = secrets[name];
    if (kind === ':?' && value === undefined) throw new Error(`the guide names no ${name}`);
    return value ?? (kind === ':-' ? rest : '');
  },
);
const file = parse(interpolated) as { readonly services: Readonly<Record<string, Service>>; readonly volumes: object };
const { parley, proxy, livekit } = file.services;
if (!parley || !proxy || !livekit) throw new Error('a service is missing');

describe('docs/examples/compose.yaml', () => {
  it('sets no variable that the server does not know, and what it sets is taken', async () => {
    const environment = parley.environment ?? {};
    expect(Object.keys(environment).filter((name) => !(name in VARIABLES))).toEqual([]);
    const given = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== null);
    // Only the test's own default is taken back.
    const child = startChild({ NODE_ENV: 'production', PARLEY_LIVEKIT: 'auto', ...Object.fromEntries(given) }, [
      '--check-config',
    ]);
    expect([await child.ended, child.err()]).toEqual([{ code: 0, signal: null }, '']);
  });

  it('builds from what is there: the context, the bundler, the program', () => {
    const { context, dockerfile_inline: lines } = parley.build ?? { context: '', dockerfile_inline: '' };
    const from = resolve(folder, context);
    expect(from).toBe(root);
    const named = [...lines.matchAll(/'(\.\/[\w/.]+\.mjs)'/g), ...lines.matchAll(/"(packages\/[\w/.]+\.ts)"/g)];
    expect(named.map(([, path = '']) => [path, existsSync(join(from, path))])).toEqual([
      ['./tools/lib/bundle.mjs', true],
      ['packages/server/src/node/main.ts', true],
    ]);
    expect(readFileSync(join(from, 'tools/lib/bundle.mjs'), 'utf8')).toMatch(
      /export (async )?(function|const) bundle\b/,
    );
    // The version that runs TypeScript as it is.
    const versions = [...lines.matchAll(/FROM node:(\d+)/g)].map(([, version]) => Number(version));
    expect(versions).toEqual([expect.any(Number), versions[0]]);
    expect(versions[0]).toBeGreaterThanOrEqual(24);
  });

  it('brings neither secrets nor what was made on this machine into the image', () => {
    const linesOf = (name: string) => readFileSync(join(root, name), 'utf8').split('\n').filter(Boolean);
    const left = new Set(linesOf('.dockerignore'));
    for (const secret of ['**/.env', '**/.env.*', '.git']) expect(left).toContain(secret);
    for (const line of linesOf('.gitignore')) {
      const path = line.replace(/\/$/, '');
      // A name alone stands for every folder to git, and for the topmost to Docker.
      expect(left).toContain(path.includes('/') ? path : `**/${path}`);
    }
  });

  it('names services, volumes and files that there are', () => {
    const names = Object.keys(file.services);
    for (const { depends_on: needs = [], volumes = [], environment = {} } of Object.values(file.services)) {
      for (const name of Array.isArray(needs) ? needs : Object.keys(needs)) expect(names).toContain(name);
      for (const [source = ''] of volumes.map((volume) => volume.split(':'))) {
        if (source.startsWith('.')) expect(existsSync(join(folder, source))).toBe(true);
        else expect(Object.keys(file.volumes)).toContain(source);
      }
      for (const value of Object.values(environment)) {
        const host = /^(?:postgres|redis|http):\/\/(?:[^@/]*@)?([\w.]+)/.exec(value ?? '')?.[1];
        if (host !== undefined && host !== 'localhost') expect(names).toContain(host);
      }
    }
  });

  it('its proxy leads to the port on which the server listens, from the port that is published', () => {
    const upstream = /^\s*server (\w+):(\d+) resolve/m.exec(proxyConfig)?.slice(1);
    expect(upstream).toEqual(['parley', parley.environment?.PORT]);
    const listens = /^\s*listen (\d+);/m.exec(proxyConfig)?.[1];
    expect(proxy.ports).toEqual([`3000:${listens}`]);
    expect(parley.environment).toMatchObject({
      HOST: '0.0.0.0',
      TRUST_PROXY: '1',
      PUBLIC_URL: 'http://localhost:3000',
    });
    // `resolve` beside a name: 1.27.3 and later.
    expect(Number(/^nginx:1\.(\d+)/.exec(proxy.image ?? '')?.[1])).toBeGreaterThanOrEqual(28);
  });

  it('its media server is the version that is tested here, on the ports that are published', () => {
    const pinned = /livekit\/livekit-server (v[\d.]+)/.exec(
      readFileSync(join(root, 'tools/livekit-server/go.mod'), 'utf8'),
    )?.[1];
    expect(livekit.image).toBe(`livekit/livekit-server:${pinned}`);
    const config = parse(livekit.command?.[1] ?? '') as { port: number; rtc: { tcp_port: number; udp_port: number } };
    const { port, rtc } = config;
    expect(livekit.ports).toEqual([
      `${port}:${port}`,
      `${rtc.tcp_port}:${rtc.tcp_port}`,
      `${rtc.udp_port}:${rtc.udp_port}/udp`,
    ]);
    expect(parley.environment).toMatchObject({ LIVEKIT_URL: `http://livekit:${port}`, LIVEKIT_API_KEY: 'parley' });
    expect(livekit.environment?.LIVEKIT_KEYS).toBe(`parley: ${parley.environment?.LIVEKIT_API_SECRET}`);
  });

  it('is what Compose takes for valid, where there is one', ({ skip }) => {
    try {
      execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' });
    } catch {
      skip('docker compose is not installed');
    }
    const path = join(folder, 'compose.yaml');
    execFileSync('docker', ['compose', '-f', path, 'config', '--quiet'], { env: { ...process.env, ...secrets } });
  });
});
