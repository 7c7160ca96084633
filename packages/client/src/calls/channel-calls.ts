import type { ChannelCall, ServerMessage } from '@parley/protocol';
import type { SignallingTransport } from '../ports/signalling-transport.ts';

interface ChannelCallsDeps {
  readonly transport: SignallingTransport;
  changed(): void;
}

/** The calls that run in the channels that are listened to: one can go into them. */
export class ChannelCalls {
  readonly #deps: ChannelCallsDeps;
  readonly #unlisten: () => void;
  #running: ReadonlyMap<string, ChannelCall> = new Map();

  constructor(deps: ChannelCallsDeps) {
    this.#deps = deps;
    this.#unlisten = deps.transport.onMessage((message) => this.#heard(message));
  }

  /** By channel. The same object until something has changed. */
  get running(): ReadonlyMap<string, ChannelCall> {
    return this.#running;
  }

  /** Somebody else signs in, or nobody. */
  clear(): void {
    if (this.#running.size > 0) this.#set(new Map());
  }

  dispose(): void {
    this.#unlisten();
  }

  #heard(message: ServerMessage): void {
    if (message.t !== 'channel_call') return;
    const { channelId, call } = message;
    const known = this.#running.get(channelId);
    // Of one call what is older than the known is no news; the end of the known one, and another call, always are.
    if (call !== null && known?.id === call.id && call.version <= known.version) return;
    if (call === null && known === undefined) return;
    const running = new Map(this.#running);
    if (call === null) running.delete(channelId);
    else running.set(channelId, call);
    this.#set(running);
  }

  #set(running: ReadonlyMap<string, ChannelCall>): void {
    this.#running = running;
    this.#deps.changed();
  }
}
