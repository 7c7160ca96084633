import type { SignallingTransport, TransportState } from '@parley/client';
import type { ClientMessage, ServerMessage } from '@parley/protocol';

/** SignallingTransport in memory: what is sent can be looked at, what arrives is said by the test. */
export class FakeTransport implements SignallingTransport {
  readonly sent: ClientMessage[] = [];
  started = false;
  nudges = 0;
  networkChanges = 0;
  #state: TransportState = 'offline';
  readonly #messages = new Set<(message: ServerMessage) => void>();
  readonly #states = new Set<(state: TransportState) => void>();

  get state(): TransportState {
    return this.#state;
  }

  start(): void {
    this.started = true;
    if (this.#state === 'offline') this.become('connecting');
  }

  stop(): void {
    this.started = false;
    this.become('offline');
  }

  send(message: ClientMessage): boolean {
    if (this.#state !== 'online') return false;
    this.sent.push(message);
    return true;
  }

  nudge(): void {
    this.nudges += 1;
  }

  networkChanged(): void {
    this.networkChanges += 1;
  }

  onMessage(listener: (message: ServerMessage) => void): () => void {
    this.#messages.add(listener);
    return () => this.#messages.delete(listener);
  }

  onState(listener: (state: TransportState) => void): () => void {
    this.#states.add(listener);
    return () => this.#states.delete(listener);
  }

  /** As the real one does: whoever handles the welcome may already send. */
  welcome(message: Extract<ServerMessage, { t: 'welcome' }>): void {
    this.#state = 'online';
    this.deliver(message);
    this.#tell();
  }

  become(state: TransportState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#tell();
  }

  deliver(message: ServerMessage): void {
    for (const listener of [...this.#messages]) listener(message);
  }

  /** Messages of one kind that were sent. */
  of<T extends ClientMessage['t']>(t: T): readonly Extract<ClientMessage, { t: T }>[] {
    return this.sent.filter((message): message is Extract<ClientMessage, { t: T }> => message.t === t);
  }

  #tell(): void {
    for (const listener of [...this.#states]) listener(this.#state);
  }
}
