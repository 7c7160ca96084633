import { type ClientMessage, ServerMessage } from '@parley/protocol';
import type { SocketHandle, SocketLike } from '../../src/realtime/socket.ts';

type Of<T extends ServerMessage['t']> = Extract<ServerMessage, { t: T }>;

interface Waiter {
  readonly wants: (message: ServerMessage) => boolean;
  readonly give: (message: ServerMessage) => void;
}

/** Both ends of a socket in memory: the hub writes to it, the test reads from it. */
export class MemorySocket implements SocketLike {
  readonly received: ServerMessage[] = [];
  /** Texts as they came, to see that one text went to many. */
  readonly texts: string[] = [];
  closed: { readonly code: number; readonly reason: string } | null = null;
  bufferedAmount = 0;
  address?: string;
  #handle: SocketHandle | null = null;
  #read = 0;
  readonly #waiters: Waiter[] = [];
  readonly #onClosed: (() => void)[] = [];

  attach(handle: SocketHandle): this {
    this.#handle = handle;
    return this;
  }

  send(text: string): void {
    this.texts.push(text);
    // Every message that the server sends has to fit the schema.
    const message = ServerMessage.parse(JSON.parse(text));
    this.received.push(message);
    const at = this.#waiters.findIndex((w) => w.wants(message));
    if (at >= 0) this.#waiters.splice(at, 1)[0]?.give(message);
  }

  close(code: number, reason: string): void {
    this.closed ??= { code, reason };
    for (const run of this.#onClosed) run();
  }

  say(message: ClientMessage): void {
    this.raw(JSON.stringify(message));
  }

  raw(text: string | null, bytes?: number): void {
    this.#handle?.message(text, bytes ?? (text === null ? 1 : new TextEncoder().encode(text).length));
  }

  /** The network takes the socket away. */
  cut(): void {
    this.#handle?.closed();
  }

  /** The next message that fits, among those that were not looked at before. */
  async next<T extends ServerMessage['t']>(t: T, fits: (message: Of<T>) => boolean = () => true): Promise<Of<T>> {
    const wants = (m: ServerMessage): m is Of<T> => m.t === t && fits(m as Of<T>);
    for (let i = this.#read; i < this.received.length; i += 1) {
      const message = this.received[i];
      if (message && wants(message)) {
        this.#read = i + 1;
        return message;
      }
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no "${t}" came; got ${JSON.stringify(this.received.map((m) => m.t))}`)),
        10_000,
      );
      this.#waiters.push({
        wants,
        give: (message) => {
          clearTimeout(timer);
          this.#read = this.received.indexOf(message) + 1;
          resolve(message as Of<T>);
        },
      });
    });
  }

  /** The first message of all that fits, whether it was looked at before or not. */
  async find(fits: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    const known = this.received.find(fits);
    if (known) return known;
    return new Promise((give) => this.#waiters.push({ wants: fits, give }));
  }

  /** Drops what was received: a test that sends very much would fill the memory. */
  forget(): void {
    this.received.length = 0;
    this.texts.length = 0;
    this.#read = 0;
  }

  async whenClosed(): Promise<{ readonly code: number; readonly reason: string }> {
    if (this.closed) return this.closed;
    await new Promise<void>((resolve) => this.#onClosed.push(resolve));
    if (!this.closed) throw new Error('not closed');
    return this.closed;
  }

  of<T extends ServerMessage['t']>(t: T): Of<T>[] {
    return this.received.filter((m): m is Of<T> => m.t === t);
  }
}
