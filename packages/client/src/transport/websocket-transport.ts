import { CLOSE, type ClientMessage, type Hello, ServerMessage } from '@parley/protocol';
import type { Clock, NetworkHint } from '../ports/platform.ts';
import type { SignallingTransport, TransportState } from '../ports/signalling-transport.ts';
import type { Socket, SocketConnector } from '../ports/socket.ts';
import { type Backoff, fullJitter } from './backoff.ts';

/** Why the transport does not come back by itself; `start` tries again. */
export type StopReason = 'unauthenticated' | 'replaced' | 'version';

export interface WebSocketTransportOptions {
  /** `ws:` or `wss:`; never holds a token. */
  readonly url: string;
  readonly connect: SocketConnector;
  readonly clock: Clock;
  readonly random: () => number;
  /**
   * The first message of each connection; null when nobody is signed in (the transport then stays offline until a
   * nudge). A rejection counts as a failed attempt. @param fresh the last token has expired: a new one is needed.
   */
  hello(fresh: boolean): Promise<Hello | null>;
  /** Calls in which media flows at the moment: said with each pong, since the other side's report renews a lease too. */
  flowing(): readonly string[];
  onStopped(reason: StopReason): void;
}

/** Opening, hello and welcome together have to be done within this time. */
const WELCOME_TIMEOUT_MS = 10_000;
/** A connection that lived so long was a good one: the next attempt begins with the shortest pause. */
const STABLE_MS = 5_000;
/** The server found fault with what was sent: the same again at once would not be any better. */
const FAULT_PAUSE_MS = 15_000;
/** How long an open socket has to show that it outlived a change of the network. */
const PROBE_MS = 1_000;
/** Until the server has said what its own are. */
const FIRST_SILENCE_MS = 40_000;

/** Coming back with the same input would end the same way. */
const STOPS: Readonly<Record<number, StopReason>> = {
  [CLOSE.unauthenticated]: 'unauthenticated',
  [CLOSE.replaced]: 'replaced',
  [CLOSE.version]: 'version',
};

/**
 * SignallingTransport over one WebSocket. Rules are numbered in `packages/protocol/SPEC.md`. Liveness is judged in the
 * message handler wherever possible, because timers of hidden tabs are throttled to one a minute.
 */
export class WebSocketTransport implements SignallingTransport {
  readonly #options: WebSocketTransportOptions;
  readonly #backoff: Backoff;
  readonly #messageListeners = new Set<(message: ServerMessage) => void>();
  readonly #stateListeners = new Set<(state: TransportState) => void>();
  #state: TransportState = 'offline';
  #wanted = false;
  #socket: Socket | null = null;
  /** Counts connections: what an older one still says is not listened to. */
  #connection = 0;
  #retryTimer: unknown = null;
  #watchTimer: unknown = null;
  #freshToken = false;
  #welcomedAt: number | null = null;
  #heardAt = 0;
  #silenceMs = FIRST_SILENCE_MS;
  #probeTimer: unknown = null;
  #probes = 0;

  constructor(options: WebSocketTransportOptions) {
    this.#options = options;
    this.#backoff = fullJitter(options.random);
  }

  get state(): TransportState {
    return this.#state;
  }

  start(): void {
    this.#wanted = true;
    if (this.#state === 'offline' && this.#retryTimer === null) this.#open();
  }

  stop(): void {
    this.#wanted = false;
    this.#drop(1000);
    this.#cancelRetry();
    this.#backoff.reset();
    this.#become('offline');
  }

  send(message: ClientMessage): boolean {
    if (this.#state !== 'online' || !this.#socket) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  nudge(): void {
    if (!this.#wanted) return;
    if (this.#state === 'online') {
      // The network may have changed under an open socket, which would notice only after minutes.
      const silent = this.#options.clock.now() - this.#heardAt;
      if (silent > this.#silenceMs / 2) this.#lost(CLOSE.heartbeat);
    }
    if (this.#state === 'connecting') return;
    if (this.#state === 'offline') {
      this.#cancelRetry();
      this.#open();
    }
  }

  networkChanged(hint: NetworkHint): void {
    // What was open, or being opened, on a network that went has mostly gone with its address: to ask would cost a second.
    if (hint === 'back' && this.#wanted && this.#state !== 'offline') {
      this.#lost(CLOSE.heartbeat);
      // No attempt has failed: a network that comes and goes makes the pauses no longer.
      this.#backoff.reset();
    }
    if (this.#state !== 'online') {
      this.nudge();
      return;
    }
    if (this.#probeTimer !== null) return;
    const { clock } = this.#options;
    const connection = this.#connection;
    this.send({ t: 'ping', n: this.#probes++ });
    this.#probeTimer = clock.setTimeout(() => {
      this.#probeTimer = null;
      if (connection !== this.#connection || !this.#wanted) return;
      this.#lost(CLOSE.heartbeat);
      this.nudge();
    }, PROBE_MS);
  }

  onMessage(listener: (message: ServerMessage) => void): () => void {
    this.#messageListeners.add(listener);
    return () => this.#messageListeners.delete(listener);
  }

  onState(listener: (state: TransportState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  #open(): void {
    const connection = ++this.#connection;
    const current = () => connection === this.#connection && this.#wanted;
    this.#become('connecting');
    this.#watch(WELCOME_TIMEOUT_MS);
    const fresh = this.#freshToken;
    this.#options.hello(fresh).then(
      (hello) => {
        if (!current()) return;
        if (!hello) {
          this.#wanted = false;
          this.#drop(1000);
          this.#become('offline');
          return;
        }
        this.#freshToken = false;
        this.#connect(hello, current);
      },
      () => {
        if (current()) this.#lost(1006);
      },
    );
  }

  #connect(hello: Hello, current: () => boolean): void {
    const socket = this.#options.connect(this.#options.url, {
      open: () => {
        if (current()) socket.send(JSON.stringify(hello));
      },
      message: (text) => {
        if (current()) this.#receive(text);
      },
      closed: (code) => {
        if (current()) this.#lost(code);
      },
    });
    this.#socket = socket;
  }

  #receive(text: string): void {
    this.#heardAt = this.#options.clock.now();
    this.#stopProbe();
    const message = parse(text);
    // A newer server may say things that this client does not know yet.
    if (!message) return;
    if (message.t === 'ping') {
      const flowing = this.#options.flowing().slice(0, 10);
      this.send({ t: 'pong', n: message.n, ...(flowing.length === 0 ? {} : { flowing: [...flowing] }) });
    }
    if (message.t === 'welcome') {
      this.#welcomedAt = this.#heardAt;
      this.#silenceMs = message.heartbeatMs + message.leaseMs;
      // Whoever handles the welcome may already answer.
      this.#state = 'online';
    }
    this.#watch(this.#state === 'online' ? this.#silenceMs : WELCOME_TIMEOUT_MS);
    for (const listener of [...this.#messageListeners]) listener(message);
    if (message.t === 'welcome') this.#tell();
  }

  /** One timer for both: no welcome in time, and a server that has gone silent. */
  #watch(ms: number): void {
    const { clock } = this.#options;
    if (this.#watchTimer !== null) clock.clearTimeout(this.#watchTimer);
    this.#watchTimer = clock.setTimeout(() => {
      this.#watchTimer = null;
      if (this.#wanted) this.#lost(CLOSE.heartbeat);
    }, ms);
  }

  #lost(code: number): void {
    const lived = this.#welcomedAt === null ? 0 : this.#options.clock.now() - this.#welcomedAt;
    if (lived >= STABLE_MS) this.#backoff.reset();
    this.#drop(1000);
    const stop = STOPS[code];
    if (stop) {
      this.#stopped(stop);
      return;
    }
    if (code === CLOSE.tokenExpired) this.#freshToken = true;
    const atFault = code === CLOSE.badFrames || code === CLOSE.flood;
    this.#retry((atFault ? FAULT_PAUSE_MS : 0) + this.#backoff.next());
  }

  #retry(ms: number): void {
    this.#cancelRetry();
    this.#retryTimer = this.#options.clock.setTimeout(() => {
      this.#retryTimer = null;
      if (this.#wanted) this.#open();
    }, ms);
    this.#become('offline');
  }

  #stopped(reason: StopReason): void {
    this.#wanted = false;
    this.#cancelRetry();
    this.#become('offline');
    this.#options.onStopped(reason);
  }

  #drop(code: number): void {
    this.#connection += 1;
    this.#welcomedAt = null;
    if (this.#watchTimer !== null) this.#options.clock.clearTimeout(this.#watchTimer);
    this.#watchTimer = null;
    this.#stopProbe();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(code);
  }

  #stopProbe(): void {
    if (this.#probeTimer !== null) this.#options.clock.clearTimeout(this.#probeTimer);
    this.#probeTimer = null;
  }

  #cancelRetry(): void {
    if (this.#retryTimer !== null) this.#options.clock.clearTimeout(this.#retryTimer);
    this.#retryTimer = null;
  }

  #become(state: TransportState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#tell();
  }

  #tell(): void {
    const state = this.#state;
    for (const listener of [...this.#stateListeners]) listener(state);
  }
}

function parse(text: string): ServerMessage | null {
  try {
    const parsed = ServerMessage.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
