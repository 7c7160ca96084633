import type { UserId } from '@parley/domain';
import type { MediaCredentials } from '@parley/protocol';
import type { MediaConnectionState, MediaEngine, MediaStats, RemoteMedia } from '../ports/media-engine.ts';
import type { Clock } from '../ports/platform.ts';
import type { ServerTime } from '../time/server-time.ts';
import { fullJitter } from '../transport/backoff.ts';
import type { CallSignalling } from './call-signalling.ts';
import { CredentialRenewal } from './credential-renewal.ts';
import type { LocalMedia } from './local-media.ts';

const STATS_MS = 2_000;

interface EngineSessionDeps {
  readonly engine: MediaEngine;
  readonly signalling: CallSignalling;
  readonly local: LocalMedia;
  readonly clock: Clock;
  readonly serverTime: ServerTime;
  readonly random: () => number;
  readonly selfId: UserId;
  /** @param fresh not those that were asked for earlier. */
  credentials(fresh: boolean): Promise<MediaCredentials>;
  changed(): void;
  flowing(userId: UserId): void;
  looked(stats: MediaStats): void;
}

/** One engine for one call and epoch, from its start to its close. */
export class EngineSession {
  readonly engine: MediaEngine;
  readonly signalling: CallSignalling;
  readonly #deps: EngineSessionDeps;
  readonly #renewal: CredentialRenewal;
  readonly #unlisten: (() => void)[] = [];
  #state: MediaConnectionState = 'idle';
  #remote: readonly RemoteMedia[] = [];
  #stats: MediaStats | null = null;
  #statsTimer: unknown = null;
  #closed = false;
  #attached = { microphone: null as unknown, camera: null as unknown };

  constructor(deps: EngineSessionDeps) {
    this.#deps = deps;
    this.engine = deps.engine;
    this.signalling = deps.signalling;
    this.#renewal = new CredentialRenewal({
      clock: deps.clock,
      serverTime: deps.serverTime,
      random: deps.random,
      fetch: () => deps.credentials(true),
      renewed: async (credentials, late) => {
        await this.engine.renew(credentials);
        // What was tried with the old ones could not succeed: now it may.
        if (late && this.#state !== 'connected') this.engine.networkChanged();
      },
    });
    this.#unlisten.push(
      this.engine.on('state', (state) => {
        this.#state = state;
        if (state === 'reconnecting' || state === 'failed') this.#renewal.look();
        deps.changed();
      }),
      this.engine.on('remote', (remote) => {
        this.#remote = remote;
        deps.changed();
      }),
      this.engine.on('flowing', (userId) => deps.flowing(userId)),
      deps.local.onChange(() => this.#attach()),
    );
    void this.#connect();
    this.#pollStats();
  }

  get state(): MediaConnectionState {
    return this.#state;
  }

  get remote(): readonly RemoteMedia[] {
    return this.#remote;
  }

  get stats(): MediaStats | null {
    return this.#stats;
  }

  networkChanged(): void {
    this.#renewal.look();
    this.engine.networkChanged();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#renewal.stop();
    for (const off of this.#unlisten) off();
    this.#deps.clock.clearTimeout(this.#statsTimer);
    this.signalling.close();
    void this.engine.close().catch(() => undefined);
  }

  /** Credentials come from the server, which may be out of reach at the moment: ask until they are there. */
  async #connect(): Promise<void> {
    const backoff = fullJitter(this.#deps.random, 500, 5_000);
    this.#attach();
    while (!this.#closed) {
      try {
        const credentials = await this.#deps.credentials(false);
        if (this.#closed) return;
        await this.engine.connect({ selfId: this.#deps.selfId, credentials, epoch: this.signalling.epoch });
        if (!this.#closed) this.#renewal.follow(credentials);
        return;
      } catch {
        await new Promise<void>((resolve) => this.#deps.clock.setTimeout(resolve, backoff.next()));
      }
    }
  }

  #attach(): void {
    if (!this.engine.capabilities.attachesTracks) return;
    const { microphone, camera } = this.#deps.local.state();
    if (this.#attached.microphone !== microphone) {
      this.#attached.microphone = microphone;
      void this.engine.attach('microphone', microphone).catch(() => undefined);
    }
    if (this.#attached.camera !== camera) {
      this.#attached.camera = camera;
      void this.engine.attach('camera', camera).catch(() => undefined);
    }
  }

  #pollStats(): void {
    this.#statsTimer = this.#deps.clock.setTimeout(async () => {
      if (this.#state === 'connected') {
        this.#stats = await this.engine.stats().catch(() => null);
        if (this.#closed) return;
        if (this.#stats) this.#deps.looked(this.#stats);
        this.#deps.changed();
      }
      if (!this.#closed) this.#pollStats();
    }, STATS_MS);
  }
}
