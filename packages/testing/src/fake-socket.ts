import type { Socket, SocketConnector, SocketHandlers } from '@parley/client';
import { ClientMessage, type ServerMessage } from '@parley/protocol';

/** The server's end of one connection. */
export class FakeSocket implements Socket {
  readonly url: string;
  readonly received: ClientMessage[] = [];
  closedWith: number | null = null;
  readonly #handlers: SocketHandlers;

  constructor(url: string, handlers: SocketHandlers) {
    this.url = url;
    this.#handlers = handlers;
  }

  send(text: string): void {
    this.received.push(ClientMessage.parse(JSON.parse(text)));
  }

  close(code = 1000): void {
    if (this.closedWith !== null) return;
    this.closedWith = code;
  }

  open(): void {
    this.#handlers.open();
  }

  say(message: ServerMessage): void {
    this.#handlers.message(JSON.stringify(message));
  }

  sayText(text: string): void {
    this.#handlers.message(text);
  }

  /** The server closes, or the network does (1006). */
  break(code = 1006): void {
    if (this.closedWith === null) this.closedWith = code;
    this.#handlers.closed(code);
  }
}

/** Every connection that was tried, oldest first. */
export class FakeSockets {
  readonly all: FakeSocket[] = [];

  readonly connect: SocketConnector = (url, handlers) => {
    const socket = new FakeSocket(url, handlers);
    this.all.push(socket);
    return socket;
  };

  get last(): FakeSocket {
    const socket = this.all.at(-1);
    if (!socket) throw new Error('nothing has connected yet');
    return socket;
  }
}
