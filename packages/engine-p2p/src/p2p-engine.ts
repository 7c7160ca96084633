import type {
  EngineContext,
  MediaConnectionState,
  MediaEngine,
  MediaEngineEvents,
  MediaStats,
  MediaTrack,
  Peer,
  PeerMessage,
  PeerSignalling,
  PictureSource,
  TrackSource,
  VideoQuality,
} from '@parley/client';
import { NO_STATS, readStats, type StatsMark } from '@parley/client/rtc-stats';
import type { UserId } from '@parley/domain';
import { P2P_CAPABILITIES } from './capabilities.ts';
import { type LocalTracks, NO_TRACKS } from './local-tracks.ts';
import type { Ice, P2pPlatform } from './peer-connection.ts';
import { PeerLink } from './peer-link.ts';
import { together } from './together.ts';
import { parseWire } from './wire.ts';

/** `closed`: after `close`. */
export class P2pEngineError extends Error {
  override readonly name = 'P2pEngineError';
  readonly category = 'bug';
  readonly code = 'closed';

  constructor() {
    super('closed');
  }
}

type Listeners = { [E in keyof MediaEngineEvents]: Set<MediaEngineEvents[E]> };

/** MediaEngine for two people (or a small mesh): one peer connection with each remote instance. */
export class P2pEngine implements MediaEngine {
  readonly capabilities = P2P_CAPABILITIES;
  readonly #signalling: PeerSignalling;
  readonly #platform: P2pPlatform;
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
  readonly #links = new Map<string, PeerLink>();
  readonly #marks = new Map<string, StatsMark>();
  #unlisten: (() => void)[] = [];
  #state: MediaConnectionState = 'idle';
  #tracks: LocalTracks = NO_TRACKS;
  readonly #wanted = new Map<string, VideoQuality>();
  #ice: Ice = { iceServers: [], relayOnly: true };

  constructor(signalling: PeerSignalling, platform: P2pPlatform) {
    this.#signalling = signalling;
    this.#platform = platform;
  }

  async connect({ credentials }: EngineContext): Promise<void> {
    if (this.#state === 'closed') throw new P2pEngineError();
    if (this.#state !== 'idle') return;
    this.#ice = credentials;
    this.#become('connecting');
    const follow = (peers: readonly Peer[]) => this.#follow(peers);
    this.#unlisten.push(this.#signalling.onPeers(follow));
    follow(this.#signalling.peers());
    this.#unlisten.push(this.#signalling.onMessage((message) => this.#receive(message)));
  }

  async renew(credentials: EngineContext['credentials']): Promise<void> {
    if (this.#state === 'idle' || this.#state === 'closed') return;
    this.#ice = credentials;
    for (const link of this.#links.values()) link.renew();
  }

  async attach(source: TrackSource, track: MediaTrack | null): Promise<void> {
    if (this.#state === 'closed') return;
    this.#tracks = { ...this.#tracks, [source === 'screen_audio' ? 'screenAudio' : source]: track };
    await Promise.all([...this.#links.values()].map((link) => link.place()));
  }

  /** A muted track sends silence, of which DTX makes next to nothing: the other side learns of it from the ledger. */
  setMuted(): void {}

  /** Peers are those who hold a seat: nobody else is spoken with. */
  admit(): void {}

  async setVideoQuality(userId: UserId | null, quality: VideoQuality, of: PictureSource = 'camera'): Promise<void> {
    this.#wanted.set(keyOf(userId, of), quality);
    for (const link of this.#links.values()) link.wish();
  }

  networkChanged(): void {
    for (const link of this.#links.values()) link.networkChanged();
  }

  async stats(): Promise<MediaStats> {
    const links = [...this.#links.values()].filter(({ health, held }) => health === 'connected' && !held);
    const [first = NO_STATS, ...others] = await Promise.all(links.map((link) => this.#statsOf(link)));
    return others.reduce(together, first);
  }

  async #statsOf(link: PeerLink): Promise<MediaStats> {
    const { instanceId } = link.peer;
    const report = await link.stats();
    const { stats, mark } = readStats(report, this.#marks.get(instanceId) ?? null, this.#platform.now());
    this.#marks.set(instanceId, mark);
    return stats;
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    for (const off of this.#unlisten) off();
    this.#unlisten = [];
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
    this.#become('closed');
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
  }

  on<E extends keyof MediaEngineEvents>(event: E, listener: MediaEngineEvents[E]): () => void {
    const listeners: Set<MediaEngineEvents[E]> = this.#listeners[event];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #follow(peers: readonly Peer[]): void {
    for (const [instanceId, link] of this.#links) {
      if (peers.some((peer) => peer.instanceId === instanceId)) continue;
      link.close();
      this.#links.delete(instanceId);
      this.#marks.delete(instanceId);
    }
    for (const peer of peers) {
      const known = this.#links.get(peer.instanceId);
      if (known) {
        void known.hold(peer.warm === true).catch(() => undefined);
        continue;
      }
      const link = new PeerLink({
        platform: this.#platform,
        peer,
        ice: () => this.#ice,
        tracks: () => this.#tracks,
        links: () => this.#links.size,
        wish: () => ({ camera: this.#wantedOf(peer.userId, 'camera'), screen: this.#wantedOf(peer.userId, 'screen') }),
        send: (generation, payload) => this.#signalling.send(peer.instanceId, generation, payload),
        isOnline: () => this.#signalling.isOnline,
        changed: () => this.#changed(),
        flowing: () => {
          for (const listener of [...this.#listeners.flowing]) listener(peer.userId);
        },
        answered: () => this.#signalling.answered?.(peer.instanceId),
      });
      this.#links.set(peer.instanceId, link);
    }
    for (const link of this.#links.values()) void link.bound();
    this.#changed();
  }

  #wantedOf(userId: UserId, of: PictureSource): VideoQuality {
    return this.#wanted.get(keyOf(userId, of)) ?? this.#wanted.get(keyOf(null, of)) ?? 'high';
  }

  #receive({ from, payload }: PeerMessage): void {
    const wire = parseWire(payload);
    // Whoever holds no seat is not spoken with: the seats say who takes part, not the wire.
    if (wire) this.#links.get(from)?.receive(wire);
  }

  #changed(): void {
    if (this.#state === 'closed') return;
    const links = [...this.#links.values()];
    const answered = links.filter(({ held }) => !held);
    const remote = answered.map(({ peer, stream, screen }) => ({ userId: peer.userId, stream, screen }));
    for (const listener of [...this.#listeners.remote]) listener(remote);
    this.#become(overall(answered.length > 0 ? answered : links));
  }

  #become(state: MediaConnectionState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of [...this.#listeners.state]) listener(state);
  }
}

const keyOf = (userId: UserId | null, of: PictureSource): string => `${of} ${userId ?? '*'}`;

/** One connection that is up is enough to be in the call; otherwise the most hopeful one counts. */
function overall(links: readonly PeerLink[]): MediaConnectionState {
  const has = (health: PeerLink['health']) => links.some((link) => link.health === health);
  if (has('connected')) return 'connected';
  if (has('reconnecting')) return 'reconnecting';
  return has('failed') && !has('connecting') ? 'failed' : 'connecting';
}
