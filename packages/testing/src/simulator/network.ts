import type { Fetch, Socket, SocketConnector, SocketHandlers } from '@parley/client';
import type { SocketHandle } from '@parley/server/src/realtime/socket.ts';
import { type RestAnswer, responseOf } from './rest-door.ts';
import { NOBODY, type Owner, type Scheduler } from './scheduler.ts';
import type { ServerNode } from './server-node.ts';

/** How the way from a device to the servers is. `silent`: nothing gets through, and nobody is told. */
export type Way = 'open' | 'broken' | 'silent';

export interface Weather {
  /** One way, in milliseconds. */
  delay(): number;
  /** An index below `count`. */
  pick(count: number): number;
  chance(share: number): boolean;
}

export interface NetworkEnd extends Owner {
  readonly deviceKey: string;
}

interface NetworkOptions {
  readonly scheduler: Scheduler;
  readonly weather: Weather;
  nodes(): readonly ServerNode[];
  wayOf(deviceKey: string): Way;
  /** Every text that arrives at a client. */
  heard(end: NetworkEnd, text: string): void;
  /** Every text, or request, that a client sends. */
  said(end: NetworkEnd, text: string): void;
}

/** How often a request is carried to two nodes, as a proxy does that tries again. */
const REPEATED = 0.05;

/** Sockets and requests between devices and nodes. */
export class Network {
  readonly #options: NetworkOptions;
  readonly #links = new Set<Link>();

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  connector(end: NetworkEnd): SocketConnector {
    return (_url, handlers) => {
      const link = new Link(this.#options, end, handlers, () => this.#links.delete(link));
      this.#links.add(link);
      return link;
    };
  }

  /** Connections of a device that were open when its way closed. */
  cut(deviceKey: string, how: Exclude<Way, 'open'>): void {
    for (const link of [...this.#links]) if (link.end.deviceKey === deviceKey) link.fail(how);
  }

  /** The process at the device's end is gone. */
  endDied(end: NetworkEnd, silently: boolean): void {
    for (const link of [...this.#links]) if (link.end === end) link.endDied(silently);
  }

  nodeDied(node: ServerNode): void {
    for (const link of [...this.#links]) if (link.node === node) link.nodeDied();
  }

  fetcher(end: NetworkEnd): Fetch {
    const { scheduler, weather, wayOf } = this.#options;
    return (url, init) =>
      new Promise((resolve, reject) => {
        this.#options.said(end, `${init?.method} ${url} ${init?.body ?? ''}`);
        const failed = () => reject(new TypeError('fetch failed'));
        init?.signal?.addEventListener('abort', failed);
        const back = (answer: RestAnswer) => {
          const way = wayOf(end.deviceKey);
          if (way === 'broken') scheduler.after(weather.delay(), failed, end);
          if (way === 'open') scheduler.after(weather.delay(), () => resolve(responseOf(answer)), end);
        };
        const way = wayOf(end.deviceKey);
        if (way === 'silent') return;
        scheduler.after(
          weather.delay(),
          () => {
            if (way === 'broken' || wayOf(end.deviceKey) === 'broken') return failed();
            if (!this.#request(url, init, back)) failed();
            else if (weather.chance(REPEATED)) {
              scheduler.after(weather.delay(), () => this.#request(url, init, () => undefined), NOBODY);
            }
          },
          NOBODY,
        );
      });
  }

  /** False where no node takes it. */
  #request(url: string, init: RequestInit | undefined, back: (answer: RestAnswer) => void): boolean {
    const { scheduler, weather } = this.#options;
    const nodes = this.#options.nodes().filter(({ ready }) => ready);
    const node = nodes[weather.pick(nodes.length)];
    if (!node) return false;
    const request = {
      method: init?.method ?? 'GET',
      path: new URL(url).pathname,
      query: new URL(url).searchParams,
      headers: new Headers(init?.headers),
      body: typeof init?.body === 'string' ? JSON.parse(init.body) : {},
    };
    void node.rest(request).then((answer) => scheduler.after(0, () => back(answer), node.life));
    return true;
  }
}

type LinkState = 'opening' | 'open' | 'closed';

/** One socket: in order in each direction, and lost as a whole. */
class Link implements Socket {
  readonly end: NetworkEnd;
  node: ServerNode | null = null;
  readonly #options: NetworkOptions;
  readonly #handlers: SocketHandlers;
  readonly #gone: () => void;
  #handle: SocketHandle | null = null;
  #state: LinkState = 'opening';
  #nodeKnows = false;
  #silent = false;
  /** When the newest message of each direction arrives. */
  #up = 0;
  #down = 0;
  /** None overtakes another, also not of those that arrive at the same time, which the scheduler draws lots for. */
  readonly #upwards: (() => void)[] = [];
  readonly #downwards: (() => void)[] = [];

  constructor(options: NetworkOptions, end: NetworkEnd, handlers: SocketHandlers, gone: () => void) {
    this.#options = options;
    this.end = end;
    this.#handlers = handlers;
    this.#gone = gone;
    const way = options.wayOf(end.deviceKey);
    this.#silent = way === 'silent';
    if (this.#silent) return;
    options.scheduler.after(options.weather.delay(), () => this.#open(way), NOBODY);
  }

  send(text: string): void {
    this.#options.said(this.end, text);
    if (this.#state !== 'open' || this.#silent) return;
    this.#toNode(() => this.#handle?.message(text, text.length));
  }

  close(): void {
    if (this.#state === 'closed') return;
    const was = this.#state;
    this.#end();
    if (was === 'open' && !this.#silent) this.#toNode(() => this.#tellNode());
  }

  fail(how: Exclude<Way, 'open'>): void {
    if (this.#state === 'closed') return;
    if (how === 'silent') {
      this.#silent = true;
      return;
    }
    this.#toNode(() => this.#tellNode());
    this.#breakEnd();
  }

  endDied(silently: boolean): void {
    this.#end();
    if (silently) this.#silent = true;
    else this.#toNode(() => this.#tellNode());
  }

  nodeDied(): void {
    if (this.#state !== 'closed' && !this.#silent) this.#breakEnd();
  }

  #open(way: Way): void {
    if (this.#state === 'closed' || !this.end.alive) return;
    const { weather } = this.#options;
    const nodes = this.#options.nodes().filter(({ ready }) => ready);
    const node = nodes[weather.pick(nodes.length)];
    if (way === 'broken' || !node) {
      this.#breakEnd();
      return;
    }
    this.node = node;
    this.#state = 'open';
    this.#handle = node.hub.connect({
      send: (text) => this.#toEnd(() => this.#arrive(text)),
      close: (code) => {
        this.#nodeKnows = true;
        this.#toEnd(() => this.#closeEnd(code));
      },
      bufferedAmount: 0,
    });
    this.#toEnd(() => this.#handlers.open());
  }

  #arrive(text: string): void {
    if (this.#state !== 'open') return;
    this.#options.heard(this.end, text);
    this.#handlers.message(text);
  }

  #toNode(run: () => void): void {
    const { scheduler, weather } = this.#options;
    const { node } = this;
    if (!node) return;
    this.#up = Math.max(this.#up, scheduler.now() + weather.delay());
    this.#upwards.push(run);
    const next = () => {
      const oldest = this.#upwards.shift();
      if (!this.#nodeKnows) oldest?.();
    };
    scheduler.after(this.#up - scheduler.now(), next, node);
  }

  #toEnd(run: () => void): void {
    if (this.#silent) return;
    const { scheduler, weather } = this.#options;
    this.#down = Math.max(this.#down, scheduler.now() + weather.delay());
    this.#downwards.push(run);
    const next = () => {
      const oldest = this.#downwards.shift();
      if (!this.#silent) oldest?.();
    };
    scheduler.after(this.#down - scheduler.now(), next, this.end);
  }

  #tellNode(): void {
    if (this.#nodeKnows) return;
    this.#nodeKnows = true;
    this.#handle?.closed();
  }

  #breakEnd(): void {
    const { scheduler, weather } = this.#options;
    scheduler.after(weather.delay(), () => this.#closeEnd(1006), this.end);
  }

  #closeEnd(code: number): void {
    if (this.#state === 'closed') return;
    this.#end();
    this.#handlers.closed(code);
  }

  #end(): void {
    this.#state = 'closed';
    this.#gone();
  }
}
