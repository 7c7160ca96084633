import type { EngineContext, MediaEngine, MediaEngineEvents, MediaStats, PeerSignalling } from '@parley/client';
import { NO_STATS } from '@parley/client/rtc-stats';
import { CONNECTED_STATS, FAKE_CAPABILITIES, FakeEngineError } from '../fake-engine.ts';
import { FakeStream } from '../fake-web-rtc.ts';
import type { Owner, Scheduler } from './scheduler.ts';

const LOOK_MS = 1_000;

/** Where engines find each other, as packets would, once they have talked over the signalling. */
export class MediaWorld {
  readonly engines = new Set<SimulatedEngine>();
  readonly scheduler: Scheduler;
  /** Whether packets get from one instance to another. */
  reaches: (from: string, to: string) => boolean = () => true;

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }
}

type Listeners = { [E in keyof MediaEngineEvents]: Set<MediaEngineEvents[E]> };

/**
 * A peer-to-peer engine without media: an offer and an answer over the real signalling of the client, repeated until they
 * have come through, and then a path that holds as long as both sides live and packets get through.
 */
export class SimulatedEngine implements MediaEngine {
  readonly capabilities = FAKE_CAPABILITIES;
  readonly instanceId: string;
  readonly #world: MediaWorld;
  readonly #owner: Owner;
  readonly #signalling: PeerSignalling;
  readonly #listeners: Listeners = {
    state: new Set(),
    flowing: new Set(),
    remote: new Set(),
    speakers: new Set(),
    quality: new Set(),
    silenced: new Set(),
    sent: new Set(),
    ended: new Set(),
  };
  /** Instances that have answered. */
  readonly #met = new Set<string>();
  readonly #flowed = new Set<string>();
  readonly #streams = new Map<string, FakeStream>();
  #context: EngineContext | null = null;
  #state: Parameters<MediaEngineEvents['state']>[0] = 'idle';

  constructor(world: MediaWorld, owner: Owner, instanceId: string, signalling: PeerSignalling) {
    this.#world = world;
    this.#owner = owner;
    this.instanceId = instanceId;
    this.#signalling = signalling;
    signalling.onMessage(({ from, payload }) => {
      if (this.#state === 'idle' || this.#state === 'closed') return;
      if (payload === 'offer') signalling.send(from, 1, 'answer');
      this.#met.add(from);
      this.#look();
    });
    signalling.onPeers(() => this.#look());
  }

  get open(): boolean {
    return this.#owner.alive && this.#context !== null && this.#state !== 'closed';
  }

  get epoch(): number {
    return this.#context?.epoch ?? 0;
  }

  async connect(context: EngineContext): Promise<void> {
    if (this.#state === 'closed') throw new FakeEngineError('closed');
    this.#context = context;
    this.#world.engines.add(this);
    this.#become('connecting');
    this.#tick();
  }

  async renew(): Promise<void> {}
  async attach(): Promise<void> {}
  setMuted(): void {}
  async setVideoQuality(): Promise<void> {}
  admit(): void {}
  networkChanged(): void {}

  async stats(): Promise<MediaStats> {
    return this.#state === 'connected' ? CONNECTED_STATS : NO_STATS;
  }

  async close(): Promise<void> {
    this.#world.engines.delete(this);
    this.#become('closed');
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
  }

  on<E extends keyof MediaEngineEvents>(event: E, listener: MediaEngineEvents[E]): () => void {
    const listeners: Set<MediaEngineEvents[E]> = this.#listeners[event];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #tick(): void {
    if (this.#state === 'closed') return;
    // Whoever has been reloaded has met nobody, and does not wait until somebody calls.
    for (const { instanceId } of this.#signalling.peers()) {
      if (!this.#met.has(instanceId)) this.#signalling.send(instanceId, 1, 'offer');
    }
    this.#look();
    this.#world.scheduler.after(LOOK_MS, () => this.#tick(), this.#owner);
  }

  #look(): void {
    if (!this.open) return;
    const peers = this.#signalling.peers().filter(({ instanceId }) => this.#hasPath(instanceId));
    if (peers.length > 0) this.#become('connected');
    else if (this.#state === 'connected')
      this.#become(this.#signalling.peers().length > 0 ? 'reconnecting' : 'connecting');
    for (const { userId, instanceId } of peers) {
      if (this.#flowed.has(instanceId)) continue;
      this.#flowed.add(instanceId);
      for (const listener of [...this.#listeners.flowing]) listener(userId);
      const stream = this.#streams.get(userId) ?? new FakeStream(`of-${userId}`);
      this.#streams.set(userId, stream);
      for (const listener of [...this.#listeners.remote]) listener([{ userId, stream, screen: null }]);
    }
  }

  #hasPath(other: string): boolean {
    if (!this.#met.has(other) || !this.#world.reaches(this.instanceId, other)) return false;
    return [...this.#world.engines].some((engine) => engine.instanceId === other && engine.open);
  }

  #become(state: Parameters<MediaEngineEvents['state']>[0]): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of [...this.#listeners.state]) listener(state);
  }
}
