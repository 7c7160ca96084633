import { type Backoff, fullJitter } from '../../packages/client/src/transport/backoff.ts';
import { inGroups } from '../lib/device.ts';
import { random } from '../lib/stats.ts';

/** As the app's client has it: opening, hello and welcome together. */
const WELCOME_MS = 10_000;
/** As many as come in at a time when there is no hurry. */
const GROUP = 50;
/** In milliseconds: nobody is so long in coming back. */
const LONGEST_MS = 300_000;

export interface Door {
  /** Where the server is at the moment; nobody is there while it is down. */
  readonly url: () => string;
  readonly hello: (n: number) => object;
}

/** One socket that comes back by itself, with the pauses of the app's client. */
class Comer {
  readonly #n: number;
  readonly #door: Door;
  readonly #onWelcome: () => void;
  #backoff: Backoff;
  #socket: WebSocket | null = null;
  #timer: NodeJS.Timeout | undefined;
  attempts = 0;
  welcomedAt: number | null = null;

  constructor(n: number, door: Door, onWelcome: () => void) {
    this.#n = n;
    this.#door = door;
    this.#onWelcome = onWelcome;
    this.#backoff = this.#freshBackoff();
  }

  /** As after some time of peace. Number n makes the same pauses, whatever server it comes back to. */
  rest(): void {
    this.#backoff = this.#freshBackoff();
    this.attempts = 0;
    this.welcomedAt = null;
  }

  open(): void {
    this.attempts += 1;
    const socket = new WebSocket(`${this.#door.url().replace(/^http/, 'ws')}/api/realtime`);
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#lost(socket), WELCOME_MS);
    socket.onopen = () => socket.send(JSON.stringify(this.#door.hello(this.#n)));
    socket.onmessage = ({ data }) => this.#take(socket, JSON.parse(String(data)));
    socket.onclose = () => this.#lost(socket);
    // The close follows.
    socket.onerror = () => {};
  }

  cut(): void {
    this.#socket?.close();
  }

  #take(socket: WebSocket, message: { t: string; n?: number }): void {
    if (socket !== this.#socket) return;
    if (message.t === 'ping') socket.send(JSON.stringify({ t: 'pong', n: message.n }));
    if (message.t !== 'welcome') return;
    clearTimeout(this.#timer);
    this.welcomedAt = performance.now();
    this.#onWelcome();
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    clearTimeout(this.#timer);
    socket.close();
    this.#timer = setTimeout(() => this.open(), this.#backoff.next());
  }

  #freshBackoff = (): Backoff => fullJitter(random(this.#n + 1));
}

export interface Return {
  /** Milliseconds from the moment at which the server could be reached again to the welcome of each, in order. */
  readonly times: readonly number[];
  readonly attempts: number;
}

/** Many sockets of one server. */
export class Crowd {
  readonly #door: Door;
  readonly #comers: Comer[] = [];
  #told: () => void = () => {};

  constructor(door: Door) {
    this.#door = door;
  }

  /** Lets people in without haste until there are so many. */
  async grow(count: number): Promise<void> {
    const from = this.#comers.length;
    await inGroups(count - from, GROUP, (n) => {
      return new Promise<void>((resolve) => {
        const comer = new Comer(from + n, this.#door, () => {
          resolve();
          this.#told();
        });
        this.#comers.push(comer);
        comer.open();
      });
    });
  }

  /** Before their server goes. */
  rest(): void {
    for (const comer of this.#comers) comer.rest();
  }

  /** From now on there is a server again: when each of those is back who lost theirs since `rest`. */
  async back(): Promise<Return> {
    const begun = performance.now();
    await this.#allBack();
    const times = this.#comers.map(({ welcomedAt }) => Math.max(0, (welcomedAt ?? begun) - begun));
    const attempts = this.#comers.reduce((sum, comer) => sum + comer.attempts, 0);
    return { times: times.sort((a, b) => a - b), attempts };
  }

  /** Everybody's socket breaks, and the server is there all the time. */
  comeBack(): Promise<Return> {
    this.rest();
    for (const comer of this.#comers) comer.cut();
    return this.back();
  }

  #allBack(): Promise<void> {
    return new Promise((resolve, reject) => {
      const missing = () => this.#comers.filter(({ welcomedAt }) => welcomedAt === null).length;
      const timer = setTimeout(
        () => reject(new Error(`${missing()} of ${this.#comers.length} did not come back.`)),
        LONGEST_MS,
      );
      let left = missing();
      const settle = () => {
        clearTimeout(timer);
        this.#told = () => {};
        resolve();
      };
      this.#told = () => {
        left -= 1;
        // A socket that was broken right after its welcome counts twice: so the last of them are looked at.
        if (left <= 0 && missing() === 0) settle();
      };
      if (left === 0) settle();
    });
  }
}
