import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type LinkSettings = {
  /** One way, 0 to 60 000. */
  delayMs?: number;
  /** Each packet's delay is drawn evenly from `delayMs` ± `jitterMs`, never below 0; packets keep their order. */
  jitterMs?: number;
  /** 0 to 100, each packet by itself. */
  lossPercent?: number;
  /** Thousands of bits a second; 0 is no bound. */
  rateKbps?: number;
  /** How long packets may wait for their turn under `rateKbps` before the next is dropped. 200 unless set. */
  queueMs?: number;
  /** A cut: whatever is under way is gone too, and nobody is told. */
  down?: boolean;
};

/** One direction. Counted since the start, in packets but for `bytes` (delivered, with IP headers). */
export type LinkStats = {
  from: string;
  to: string;
  sent: number;
  delivered: number;
  bytes: number;
  lost: number;
  /** Of those that were sent: RTP, which is sound and pictures. What goes through a relay's channel is not recognised. */
  media: number;
  cut: number;
  overflown: number;
  queued: number;
};

/** `unroutable` packets went to an address that no host of the lab has. */
export type LabStats = { links: LinkStats[]; unroutable: number };
export type LabHost = { name: string; address: string; namespace: string };

/** A UDP packet of a sender who never sent it. `times`: 1 to 100 000; the payload has 1400 bytes at most. */
export type Forgery = { fromPort: number; toPort: number; payload: Uint8Array; times?: number };

type Command =
  | { op: 'stats' | 'stop' }
  | { op: 'link'; from: string; to: string; both: boolean; set: LinkSettings }
  | { op: 'forge'; from: string; to: string; forge: Omit<Forgery, 'payload'> & { payload: string } };
type Answer = { id: number; error?: string; stats?: LabStats };
type Line = Answer | { event: 'ready'; hosts: LabHost[] } | { event: 'failed'; error: string };
type Pending = { resolve: (answer: Answer) => void; reject: (error: Error) => void };

/** The lab's program and the lines that go to and fro. */
export class Control {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #exited: Promise<void>;
  readonly ready: Promise<LabHost[]>;
  #nextId = 1;
  #end: Error | undefined;

  constructor(binary: string, args: string[]) {
    this.#child = spawn(binary, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdin, stdout } = this.#child;
    if (!stdin || !stdout) throw new Error('The network lab has no pipes.');
    // A broken pipe shows as the end of the process, which is where it is dealt with.
    stdin.on('error', () => {});
    const hosts = Promise.withResolvers<LabHost[]>();
    this.ready = hosts.promise;
    this.ready.catch(() => {});
    createInterface({ input: stdout }).on('line', (text) => {
      const line = JSON.parse(text) as Line;
      if (!('event' in line)) this.#answer(line);
      else if (line.event === 'ready') hosts.resolve(line.hosts);
      else this.#end = new Error(`The network lab failed: ${line.error}`);
    });
    const exited = Promise.withResolvers<void>();
    this.#exited = exited.promise;
    const ended = (fallback: string) => {
      this.#end ??= new Error(fallback);
      hosts.reject(this.#end);
      for (const { reject } of this.#pending.values()) reject(this.#end);
      this.#pending.clear();
      exited.resolve();
    };
    this.#child.on('error', (error) => ended(`The network lab did not start: ${error.message}`));
    this.#child.on('close', (code, signal) => ended(`The network lab has ended (${signal ?? `status ${code}`}).`));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  ask(command: Command): Promise<Answer> {
    if (this.#end) return Promise.reject(this.#end);
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#child.stdin?.write(`${JSON.stringify({ id, ...command })}\n`);
    });
  }

  /** Resolves when the program is gone, and with it all namespaces. */
  async stop(): Promise<void> {
    // One that ended by itself has been cleaned up after.
    if (!this.#end) await this.ask({ op: 'stop' }).catch(() => {});
    await this.#exited;
  }

  #answer(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (answer.error === undefined) pending?.resolve(answer);
    else pending?.reject(new Error(`The network lab refused: ${answer.error}.`));
  }
}
