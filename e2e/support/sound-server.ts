import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { toneSamples } from './fake-media.ts';

const run = promisify(execFile);

/** Whether this machine has PulseAudio, whose devices are plugged in and out by a command. */
export const hasSoundServer = ['pulseaudio', 'pactl', 'pacat'].every((program) => existsSync(`/usr/bin/${program}`));

/** A device of the machine as Chromium sees it. Its name is its description; no spaces, as `pactl` takes none here. */
type Microphone = { readonly name: string; readonly hertz: number };

const RATE = 48_000;

/** A sound server of its own for one worker, with microphones that play tones and speakers that nobody hears. */
export class SoundServer {
  readonly #dir: string;
  readonly #daemon: ChildProcess;
  readonly #players: ChildProcess[] = [];
  readonly #modules = new Map<string, string>();

  private constructor(dir: string, daemon: ChildProcess) {
    this.#dir = dir;
    this.#daemon = daemon;
  }

  /** For the environment of a browser. */
  get address(): string {
    return `unix:${join(this.#dir, 'native')}`;
  }

  static async start(): Promise<SoundServer> {
    // The address of a socket has room for about a hundred letters.
    const dir = await mkdtemp(join(tmpdir(), 'parley-sound-'));
    const protocol = `module-native-protocol-unix socket=${join(dir, 'native')} auth-anonymous=1`;
    const args = ['-n', '--daemonize=no', '--use-pid-file=no', '--exit-idle-time=-1', '-L', protocol];
    const own = { HOME: dir, XDG_RUNTIME_DIR: dir, PULSE_RUNTIME_PATH: dir, PULSE_STATE_PATH: dir };
    const daemon = spawn('pulseaudio', args, { stdio: 'ignore', env: { ...process.env, ...own } });
    const server = new SoundServer(dir, daemon);
    await expect
      .poll(() =>
        server.#pactl('info').then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    return server;
  }

  async plugMicrophone({ name, hertz }: Microphone): Promise<void> {
    const line = `${name}.line`;
    if (!this.#modules.has(line)) {
      await this.#load(line, 'module-null-sink', `sink_name=${line}`, `rate=${RATE}`, described('sink', line));
      this.#play(line, hertz);
    }
    await this.#load(
      name,
      'module-remap-source',
      `source_name=${name}`,
      `master=${line}.monitor`,
      described('source', name),
    );
  }

  plugSpeaker(name: string): Promise<void> {
    return this.#load(name, 'module-null-sink', `sink_name=${name}`, described('sink', name));
  }

  async unplug(name: string): Promise<void> {
    const module = this.#modules.get(name);
    if (module === undefined) throw new Error(`${name} is not plugged in.`);
    this.#modules.delete(name);
    await this.#pactl('unload-module', module);
  }

  isPlugged(name: string): boolean {
    return this.#modules.has(name);
  }

  async defaultTo(microphone: string): Promise<void> {
    await this.#pactl('set-default-source', microphone);
  }

  async defaultSpeaker(speaker: string): Promise<void> {
    await this.#pactl('set-default-sink', speaker);
  }

  /** Speakers into which somebody other than the microphones' lines plays at the moment. */
  async sounding(): Promise<string[]> {
    const [sinks, inputs] = await Promise.all([this.#list('sinks'), this.#list('sink-inputs')]);
    const names = new Map(sinks.map(([index, name]) => [index, name]));
    const found = inputs.map(([, sink]) => names.get(sink) ?? '').filter((name) => !name.endsWith('.line'));
    return [...new Set(found)].sort();
  }

  async stop(): Promise<void> {
    for (const child of [...this.#players, this.#daemon]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    }
    await rm(this.#dir, { recursive: true, force: true });
  }

  async #load(key: string, ...module: string[]): Promise<void> {
    this.#modules.set(key, (await this.#pactl('load-module', ...module)).trim());
  }

  async #list(what: string): Promise<string[][]> {
    const text = await this.#pactl('list', 'short', what);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t'));
  }

  async #pactl(...args: string[]): Promise<string> {
    const { stdout } = await run('pactl', args, { env: { ...process.env, PULSE_SERVER: this.address } });
    return stdout;
  }

  #play(sink: string, hertz: number): void {
    const format = ['--format=s16le', `--rate=${RATE}`, '--channels=1', '--latency-msec=200', '--raw'];
    const player = spawn('pacat', ['--playback', `--device=${sink}`, ...format], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { ...process.env, PULSE_SERVER: this.address },
    });
    const samples = toneSamples(hertz, RATE);
    const { stdin } = player;
    // Ends with the player.
    stdin.on('error', () => undefined);
    const feed = () => {
      while (stdin.writable && stdin.write(samples));
    };
    stdin.on('drain', feed);
    feed();
    this.#players.push(player);
  }
}

const described = (what: 'sink' | 'source', name: string): string => `${what}_properties=device.description=${name}`;
