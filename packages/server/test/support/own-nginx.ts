import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from './cluster.ts';
import { until } from './until.ts';

/** What stands in the documentation, and in the image of the compose file. */
const CONFIG = new URL('../../../../docs/examples/nginx.conf', import.meta.url);

const program = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  .map((folder) => join(folder, 'nginx'))
  .find((path) => existsSync(path));

export const nginxLack: string | null = program === undefined ? 'nginx is not installed' : null;

/**
 * Only addresses are changed: the name of the service stands for its nodes, and is followed by a resolver that older versions of nginx do
 * not know (before 1.27.3). @throws Error where a line that is changed is not there
 */
function configFor(ports: readonly number[], listen: number): string {
  const change = (text: string, from: RegExp, to: string) => {
    if (text.split(new RegExp(from, 'm')).length !== 2)
      throw new Error(`${from} stands not exactly once in nginx.conf`);
    return text.replace(new RegExp(from, 'm'), to);
  };
  let text = readFileSync(CONFIG, 'utf8');
  const [, rest = ''] = /^ {2}server parley:3000 resolve(.*);$/m.exec(text) ?? [];
  text = change(
    text,
    /^ {2}server parley:3000 resolve.*;$/,
    ports.map((port) => `  server 127.0.0.1:${port}${rest};`).join('\n'),
  );
  text = change(text, /^ {2}resolver 127\.0\.0\.11 .*;\n/, '');
  return change(text, /^ {2}listen 3000;$/, `  listen 127.0.0.1:${listen};`);
}

/** An nginx of a test's own, with the configuration that the documentation has. */
export class OwnNginx {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #folder: string;
  #said = '';

  private constructor(url: string, process: ChildProcess, folder: string) {
    this.url = url;
    this.#process = process;
    this.#folder = folder;
    process.stderr?.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString();
    });
  }

  /** @param urls of the nodes */
  static async start(urls: readonly string[]): Promise<OwnNginx> {
    const folder = mkdtempSync(join(tmpdir(), 'parley-nginx-'));
    const listen = await freePort();
    const ports = urls.map((url) => Number(new URL(url).port));
    writeFileSync(join(folder, 'parley.conf'), configFor(ports, listen));
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off;\nmaster_process off;\npid ${folder}/pid;\nerror_log stderr notice;\nevents { worker_connections 512; }\nhttp {\n` +
        `  access_log ${folder}/access.log;\n` +
        `${temporary.map((name) => `  ${name}_temp_path ${folder}/${name};\n`).join('')}  include ${folder}/parley.conf;\n}\n`,
    );
    const child = spawn(program ?? 'nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const nginx = new OwnNginx(`http://127.0.0.1:${listen}`, child, folder);
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`nginx has ended: ${nginx.#said}`)));
    ended.catch(() => undefined);
    const answers = async () => (await fetch(`${nginx.url}/health/live`).catch(() => null))?.status;
    await Promise.race([ended, until('nginx', answers, 200)]);
    return nginx;
  }

  /** What it has written about what went wrong. */
  get said(): string {
    return this.#said;
  }

  async close(): Promise<void> {
    const exit = once(this.#process, 'exit');
    if (this.#process.exitCode === null && this.#process.kill('SIGTERM')) await exit;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
