import { randomUUID } from 'node:crypto';
import { type BenchDatabase, idOf } from './database.ts';

type Message = { readonly t: string } & Readonly<Record<string, unknown>>;
const WAIT_MS = 60_000;

/** Somebody's signed-in socket without anything behind it. Answers pings. */
export class Device {
  readonly n: number;
  bytes = 0;
  received = 0;
  readonly #socket: WebSocket;
  readonly #listeners = new Set<(message: Message) => void>();

  private constructor(n: number, socket: WebSocket) {
    this.n = n;
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const text = String(data);
      this.bytes += text.length;
      this.received += 1;
      const message = JSON.parse(text) as Message;
      if (message.t === 'ping') this.send({ t: 'pong', n: message.n });
      for (const listener of [...this.#listeners]) listener(message);
    };
  }

  static async open(url: string, database: BenchDatabase, n: number): Promise<Device> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/realtime`);
    const device = new Device(n, socket);
    const welcome = device.next(({ t }) => t === 'welcome');
    socket.onopen = () =>
      device.send({
        t: 'hello',
        v: 1,
        token: database.token(n),
        deviceId: idOf('device', n),
        instanceId: idOf('instance', n),
      });
    await welcome;
    return device;
  }

  send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  on(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The first message from now on that fits. */
  next(fits: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        off();
        reject(new Error(`Person ${this.n} waited in vain.`));
      }, WAIT_MS);
      const off = this.on((message) => {
        if (!fits(message)) return;
        clearTimeout(timer);
        off();
        resolve(message);
      });
      this.#socket.addEventListener('close', ({ code }) => reject(new Error(`The socket was closed: ${code}.`)));
    });
  }

  /** @throws Error with the code of the refusal */
  async command(name: string, body: object, callId?: string): Promise<{ id: string }> {
    const id = randomUUID();
    const answered = this.next((message) => (message.t === 'ack' && message.id === id) || message.ref === id);
    this.send({ t: 'command', id, name, ...(callId === undefined ? {} : { callId }), body });
    const answer = await answered;
    if (answer.t !== 'ack') throw new Error(`${name}: ${JSON.stringify(answer.problem)}`);
    return (answer.view as { call: { id: string } }).call;
  }

  close(): void {
    this.#socket.close();
  }
}

/** So many at a time, lest the server's queue of new sockets runs over. */
export async function inGroups<T>(count: number, size: number, one: (n: number) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let from = 0; from < count; from += size) {
    const group = Array.from({ length: Math.min(size, count - from) }, (_, index) => one(from + index));
    all.push(...(await Promise.all(group)));
  }
  return all;
}
