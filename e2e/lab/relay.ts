import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Netlab } from '../../tools/netlab/netlab.ts';
import { root } from '../support/paths.ts';
import type { Asked, Plan } from './plan.ts';

const configFile = join(root, 'docs/examples/turnserver.conf');
const readyWithinMs = 60_000;
const realm = 'turn.parley.test';

type Name = { username: string; credential: string };

/** What a server that shares the secret gives to a person, until `endsInSeconds` from now. */
export function credentials(secret: string, endsInSeconds = 600, user = 'somebody'): Name {
  const username = `${Math.floor(Date.now() / 1000) + endsInSeconds}:${user}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}

/** coturn on a host of the lab, with the configuration that the documentation gives for production. */
export class Relay {
  readonly host: string;
  /** What it shares with the Parley server of this lab, and with nobody else. */
  readonly secret: string;
  readonly #lab: Netlab;
  readonly #database: string;
  readonly #child: ChildProcess;
  #output = '';

  private constructor(lab: Netlab, host: string, secret: string, database: string, child: ChildProcess) {
    this.#lab = lab;
    this.host = host;
    this.secret = secret;
    this.#database = database;
    this.#child = child;
  }

  /**
   * @param folder for its configuration and certificate
   * @param address6 a second address, IPv6, that the host already has
   */
  static async start(lab: Netlab, host: string, folder: string, address6?: string): Promise<Relay> {
    const secret = randomBytes(32).toString('hex');
    const [cert, pkey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await certificate(cert, pkey);
    const address = lab.address(host);
    const six = address6 === undefined ? '' : `\nrelay-ip=${address6}`;
    const config = withOurs(await readFile(configFile, 'utf8'), {
      'listening-ip': address,
      'relay-ip': `${address}${six}`,
      realm,
      'static-auth-secret': secret,
      cert,
      pkey,
    });
    const file = join(folder, 'turnserver.conf');
    await writeFile(file, config, { mode: 0o600 });
    // It says only in verbose mode that it listens.
    const database = join(folder, 'turndb');
    const own = ['--verbose', '--pidfile', join(folder, 'turnserver.pid'), '--userdb', database];
    const args = ['-c', file, ...own];
    const child = lab.spawn(host, 'turnserver', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const relay = new Relay(lab, host, secret, database, child);
    await relay.#ready();
    return relay;
  }

  get urls(): string {
    const address = this.#lab.address(this.host);
    return `turn:${address}:3478?transport=udp,turn:${address}:3478?transport=tcp`;
  }

  get output(): string {
    return this.#output;
  }

  /** Asks the relay for something as a program on a host of the lab. */
  async ask(from: string, plan: Omit<Plan, 'server' | 'port'>): Promise<Asked> {
    const port = plan.tls ? 443 : 3478;
    const whole: Plan = { ...plan, server: this.#lab.address(this.host), port };
    const script = join(import.meta.dirname, 'turn-client.ts');
    const args = ['--no-warnings', script, JSON.stringify(whole)];
    const { code, stdout, stderr } = await this.#lab.exec(from, process.execPath, args, { timeoutMs: 60_000 });
    if (code !== 0) throw new Error(`The client of the relay ended with ${code}:\n${stderr}\n${this.#output}`);
    return JSON.parse(stdout) as Asked;
  }

  /** Runs coturn's own tool on the database of the running relay, as docs/turn.md says it. */
  async admin(option: '--set-secret' | '--delete-secret', secret: string): Promise<void> {
    const args = ['--userdb', this.#database, '--realm', realm, `${option}=${secret}`];
    const { code, stdout, stderr } = await this.#lab.exec(this.host, 'turnadmin', args);
    if (code !== 0) throw new Error(`turnadmin ended with ${code}:\n${stdout}${stderr}`);
  }

  #ready(): Promise<void> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const fail = (what: string): void => reject(new Error(`coturn ${what}:\n${this.#output}`));
      const timer = setTimeout(() => fail(`was not ready within ${readyWithinMs} ms`), readyWithinMs);
      const read = (chunk: Buffer): void => {
        this.#output += chunk.toString();
        const opened = (what: string): boolean => new RegExp(`${what}\\n`).test(this.#output);
        if (!opened('UDP listener opened on ?: [^ ]+:3478') || !opened('TCP listener opened on ?: [^ ]+:443')) return;
        clearTimeout(timer);
        resolve();
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('error', (error) => fail(`did not start: ${error.message}`));
      child.once('exit', (code) => {
        clearTimeout(timer);
        fail(`ended with ${code}`);
      });
    });
  }
}

/** The file with the values of this lab in the lines that are everybody's own, and all the rest as it is. */
function withOurs(text: string, values: Record<string, string>): string {
  let ours = text;
  for (const [key, value] of Object.entries(values)) {
    const line = new RegExp(`^${key}=.*$`, 'gm');
    if (ours.match(line)?.length !== 1) throw new Error(`${configFile} has not exactly one line ${key}=.`);
    ours = ours.replace(line, () => `${key}=${value}`);
  }
  return ours;
}

async function certificate(cert: string, pkey: string): Promise<void> {
  const what = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const args = ['req', ...what, '-subj', `/CN=${realm}`, '-keyout', pkey, '-out', cert];
  const [code] = (await once(spawn('openssl', args, { stdio: 'ignore' }), 'exit')) as [number | null];
  if (code !== 0) throw new Error(`openssl ended with ${code}.`);
}
