import { randomUUID } from 'node:crypto';
import { Broken, hold, shown } from './broken.ts';
import {
  type Call,
  type CallEvent,
  codeOf,
  eventsOf,
  isJson,
  type View,
  viewOf,
  type Welcome,
  welcomeOf,
} from './wire.ts';

/** A message of the server. */
export interface Told {
  readonly t: string;
  readonly [field: string]: unknown;
}

/** How long something may take that is on its way, in milliseconds: a machine that is busy is not a broken contract. */
export const PATIENCE_MS = 40_000;

export interface Hello {
  readonly token: string;
  readonly deviceId: string;
  readonly instanceId: string;
  readonly resume?: { readonly calls: Readonly<Record<string, number>>; readonly inbox: number };
}

export interface LineOptions {
  /** Does not answer pings: as if its client hung. */
  readonly mute?: boolean;
}

/** One socket: everything that it was told, and questions about it. */
export class Line {
  readonly told: Told[] = [];
  readonly #socket: WebSocket;
  readonly #watchers = new Set<() => void>();
  #mute: boolean;
  #flowing: readonly string[] = [];
  #closed: number | null = null;

  private constructor(socket: WebSocket, { mute = false }: LineOptions) {
    this.#socket = socket;
    this.#mute = mute;
    socket.addEventListener('message', ({ data }) => this.#take(data));
    socket.addEventListener('close', ({ code }) => {
      this.#closed = code;
      this.#wake();
    });
  }

  /** Opened, and nothing said. */
  static async connect(origin: string, options: LineOptions = {}): Promise<Line> {
    const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/api/realtime`);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve(), { once: true });
      socket.addEventListener('error', () => reject(new Broken('GET /api/realtime opened no socket')), { once: true });
    });
    return new Line(socket, options);
  }

  hello({ token, deviceId, instanceId, resume }: Hello): void {
    this.say({ t: 'hello', v: 1, token, deviceId, instanceId, ...(resume === undefined ? {} : { resume }) });
  }

  say(message: object): void {
    this.sayRaw(JSON.stringify(message));
  }

  sayRaw(frame: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(frame);
  }

  /** From here on it is told nothing and answers nothing. */
  close(): void {
    this.#socket.close();
  }

  /** From here on no ping is answered. */
  fallSilent(): void {
    this.#mute = true;
  }

  /** From here on each answer to a ping says that media of the call arrives. */
  flow(callId: string): void {
    this.#flowing = [callId];
  }

  /** How far the conversation has come: for `heard(…, since)`. */
  get mark(): number {
    return this.told.length;
  }

  /** The first message from `since` on that fits; waits for it. @throws Broken when it does not come */
  heard(what: string, fits: (message: Told) => boolean, { since = 0, within = PATIENCE_MS } = {}): Promise<Told> {
    return this.#until(what, within, () => this.told.slice(since).find(fits));
  }

  async welcomed(): Promise<Welcome> {
    const first = await this.heard('an answer to hello', ({ t }) => t !== 'ping');
    hold(first.t === 'welcome', `the first message after hello is welcome, this was ${shown(first)}`);
    return welcomeOf(first);
  }

  /** The code of the first error under this reference from `since` on. */
  async error(ref: string | null, since = 0): Promise<string> {
    const message = await this.heard(`an error under ${ref}`, (m) => m.t === 'error' && m.ref === ref, { since });
    return codeOf(message.problem);
  }

  /** The close code. */
  async closed(within = PATIENCE_MS): Promise<number> {
    return this.#until('the close of the socket', within, () => this.#closed ?? undefined, true);
  }

  get isOpen(): boolean {
    return this.#closed === null;
  }

  /** The views of a call in the order in which they came, by whatever message. */
  views(callId: string, since = 0): View[] {
    return this.told.slice(since).flatMap((message) => viewsIn(message).filter(({ call }) => call.id === callId));
  }

  /** The first view of the call that fits, also one that was told before. */
  view(what: string, callId: string, fits: (call: Call, view: View) => boolean, within = PATIENCE_MS): Promise<View> {
    return this.#until(`a view of the call: ${what}`, within, () =>
      this.views(callId).find((view) => fits(view.call, view)),
    );
  }

  /** All events of the call that came with `call` messages. */
  events(callId: string, since = 0): CallEvent[] {
    return this.told
      .slice(since)
      .filter((message) => message.t === 'call' && viewOf(message.view).call.id === callId)
      .flatMap(({ events }) => eventsOf(events));
  }

  /** Sends a command. @returns its answer: the ack, or the error */
  async command(name: string, callId: string | null, body: object = {}, id: string = randomUUID()): Promise<Told> {
    const since = this.mark;
    this.say({ t: 'command', id, name, ...(callId === null ? {} : { callId }), body });
    return this.answer(id, since);
  }

  answer(id: string, since = 0): Promise<Told> {
    const fits = (m: Told) => (m.t === 'ack' && m.id === id) || (m.t === 'error' && m.ref === id);
    return this.heard(`the answer to command ${id}`, fits, { since });
  }

  /** Shows that the socket lives, and that what was sent before was looked at. */
  async alive(): Promise<void> {
    const callId = randomUUID();
    const since = this.mark;
    this.say({ t: 'resume', callId, after: 0 });
    const code = await this.error(callId, since);
    hold(code === 'not_found', `resume of no call: expected not_found, got ${code}`);
  }

  #take(data: unknown): void {
    const message = readTold(String(data));
    if (message.t === 'ping' && !this.#mute) {
      const flowing = this.#flowing.length === 0 ? {} : { flowing: this.#flowing };
      this.say({ t: 'pong', n: message.n, ...flowing });
    }
    this.told.push(message);
    this.#wake();
  }

  #wake(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  #until<T>(what: string, within: number, look: () => T | undefined, evenClosed = false): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        this.#watchers.delete(watcher);
        clearTimeout(timer);
        finish();
      };
      const watcher = () => {
        try {
          const found = look();
          if (found !== undefined) settle(() => resolve(found));
          else if (this.#closed !== null && !evenClosed) {
            settle(() => reject(new Broken(`${what} did not come: the socket was closed with ${this.#closed}`)));
          }
        } catch (error) {
          settle(() => reject(error));
        }
      };
      const timer = setTimeout(() => {
        const last = this.told.filter(({ t }) => t !== 'ping').at(-1);
        settle(() => reject(new Broken(`${what} did not come within ${within} ms; the last message: ${shown(last)}`)));
      }, within);
      this.#watchers.add(watcher);
      watcher();
    });
  }
}

/** What cannot be read is kept under a name of its own, so that whoever waits shows it. */
function readTold(text: string): Told {
  try {
    const message: unknown = JSON.parse(text);
    if (isJson(message) && typeof message.t === 'string') return { ...message, t: message.t };
  } catch {
    // As below.
  }
  return { t: 'unreadable', text };
}

function viewsIn(message: Told): View[] {
  if (message.t === 'call' || message.t === 'ack') return [viewOf(message.view)];
  if (message.t !== 'welcome') return [];
  const { calls, ended } = welcomeOf(message);
  return [...calls, ...ended];
}
