import { CLOSE, type ServerMessage } from '@parley/protocol';
import type { EdgeError } from '../ports/edge-error.ts';
import { BOUNDS } from './bounds.ts';
import type { SocketLike } from './socket.ts';

/** The sending side of one socket: bounded, closed once, and silent until the welcome is out. */
export class Connection {
  readonly #socket: SocketLike;
  readonly #onClose: () => void;
  #held: string[] | null = [];
  #heldBytes = 0;
  #open = true;

  /** `onClose` runs once, whoever closes. */
  constructor(socket: SocketLike, onClose: () => void) {
    this.#socket = socket;
    this.#onClose = onClose;
  }

  get open(): boolean {
    return this.#open;
  }

  get address(): string | undefined {
    return this.#socket.address;
  }

  /** After the welcome: what was published meanwhile follows it. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const text of held) this.#write(text);
  }

  /** Waits for the welcome. One text may go to many sockets. */
  sendText(text: string): void {
    if (this.#held === null) {
      this.#write(text);
      return;
    }
    if (!this.#open) return;
    this.#heldBytes += text.length;
    // A welcome can be long in coming while the database is away.
    if (this.#heldBytes > BOUNDS.sendBuffer) this.close(CLOSE.slowConsumer, 'slow consumer');
    else this.#held.push(text);
  }

  send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message));
  }

  /** Does not wait for the welcome. */
  sendNow(message: ServerMessage): void {
    this.#write(JSON.stringify(message));
  }

  error(ref: string | null, error: EdgeError): void {
    this.sendNow({
      t: 'error',
      ref,
      problem: error.toProblem(),
      ...(error.retryAfter === undefined ? {} : { retryAfterMs: Math.round(error.retryAfter * 1000) }),
    });
  }

  close(code: number, reason: string): void {
    if (!this.#open) return;
    this.closed();
    this.#socket.close(code, reason);
  }

  /** The other side has closed. */
  closed(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#held = null;
    this.#onClose();
  }

  #write(text: string): void {
    if (!this.#open) return;
    if (this.#socket.bufferedAmount + text.length > BOUNDS.sendBuffer) {
      this.close(CLOSE.slowConsumer, 'slow consumer');
      return;
    }
    this.#socket.send(text);
  }
}
