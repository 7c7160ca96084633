import type { MediaEndReason, MediaTrack, TrackSource } from '@parley/client';
import type { StatsReport } from '@parley/client/rtc-stats';
import { settle } from '@parley/testing';
import {
  type Incoming,
  type Outgoing,
  type RoomHandlers,
  RoomRefusal,
  type SfuPerson,
  type SfuRoom,
  type Want,
} from '../src/room.ts';

export interface Rights {
  readonly subscribe: boolean;
  readonly publish: readonly TrackSource[];
}

export const ALL_RIGHTS: Rights = { subscribe: true, publish: ['microphone', 'camera', 'screen', 'screen_audio'] };

interface Publication {
  readonly id: string;
  readonly source: TrackSource;
  track: MediaTrack;
  muted: boolean;
}

/** The server of an SFU in memory: one room, tokens that name an identity, rights, and a network that can be cut. */
export class FakeSfu {
  readonly rooms = new Set<FakeSfuRoom>();
  readonly rights = new Map<string, Rights>();
  /** Every room that was asked for, whether it was let in or not. */
  readonly entries: { readonly url: string; readonly token: string }[] = [];
  away = false;
  path: 'up' | 'down' = 'up';
  /** Whoever is let in waits so long for their path. */
  finding: Promise<void> | null = null;
  /** Nothing comes through, and nobody has noticed yet. */
  silent = false;
  /** How often a room was told to mend its path. */
  mends = 0;
  #next = 1;

  readonly room = (handlers: RoomHandlers): FakeSfuRoom => new FakeSfuRoom(this, handlers);

  tokenFor(identity: string): string {
    return `token-of-${identity}`;
  }

  id(): string {
    return `TR_${this.#next++}`;
  }

  cut(): void {
    this.path = 'down';
    for (const room of this.inside()) room.handlers.path('broken');
  }

  mend(): void {
    this.path = 'up';
    for (const room of this.inside()) room.handlers.path('up');
    this.changed();
  }

  /** All of them fall out, and come back only when it is there again. */
  die(): void {
    this.away = true;
    for (const room of this.inside()) this.expel(room, null);
  }

  grant(identity: string, rights: Rights): void {
    this.rights.set(identity, rights);
    this.changed();
  }

  of(identity: string): FakeSfuRoom | undefined {
    return this.inside().find((room) => room.identity === identity);
  }

  expel(room: FakeSfuRoom, reason: MediaEndReason | null): void {
    this.rooms.delete(room);
    room.isOpen = false;
    room.inside = false;
    room.handlers.left(reason);
    this.changed();
  }

  inside(): readonly FakeSfuRoom[] {
    return [...this.rooms];
  }

  changed(): void {
    for (const room of this.inside()) room.handlers.changed();
  }
}

export class FakeSfuRoom implements SfuRoom {
  readonly handlers: RoomHandlers;
  readonly publications = new Map<TrackSource, Publication>();
  /** By the id of a publication: what this side asks of it, newest last. */
  readonly asked = new Map<string, Want[]>();
  identity = '';
  /** Let in by the server, and not gone again. */
  isOpen = false;
  /** There is a path to it, too. */
  inside = false;
  everything = false;
  readonly #sfu: FakeSfu;
  readonly #incoming = new Map<string, Incoming>();
  #received = 0;

  constructor(sfu: FakeSfu, handlers: RoomHandlers) {
    this.#sfu = sfu;
    this.handlers = handlers;
  }

  async enter(url: string, token: string, everything: boolean): Promise<void> {
    this.everything = everything;
    this.#sfu.entries.push({ url, token });
    await settle();
    if (this.#sfu.away) throw new Error('ECONNREFUSED');
    if (!token.startsWith('token-of-')) throw new RoomRefusal('token_refused');
    this.identity = token.slice('token-of-'.length).replace(/\+.*$/, '');
    const other = this.#sfu.of(this.identity);
    if (other) this.#sfu.expel(other, 'duplicate_identity');
    this.isOpen = true;
    this.handlers.letIn();
    await this.#sfu.finding;
    if (this.#sfu.path === 'down') {
      this.isOpen = false;
      throw new Error('no path');
    }
    this.inside = this.isOpen;
    this.#sfu.rooms.add(this);
    void settle().then(() => this.#sfu.changed());
  }

  async close(): Promise<void> {
    this.isOpen = false;
    this.inside = false;
    if (this.#sfu.rooms.delete(this)) this.#sfu.changed();
  }

  get rights(): Rights {
    return this.#sfu.rights.get(this.identity) ?? ALL_RIGHTS;
  }

  mayReceive(): boolean {
    return this.rights.subscribe;
  }

  maySend(source: TrackSource): boolean {
    return this.rights.publish.includes(source);
  }

  people(): readonly SfuPerson[] {
    return this.#sfu
      .inside()
      .filter((room) => room !== this)
      .map(({ identity, publications }) => ({
        identity,
        publications: [...publications.values()].map((publication) => this.#incomingOf(publication)),
      }));
  }

  async publish(source: TrackSource, track: MediaTrack, muted: boolean): Promise<Outgoing> {
    await settle();
    if (!this.isOpen) throw new Error('not in the room');
    if (!this.maySend(source)) throw new Error('insufficient permissions');
    if (this.publications.has(source)) throw new Error(`published twice: ${source}`);
    const publication: Publication = { id: this.#sfu.id(), source, track, muted };
    this.publications.set(source, publication);
    this.#sfu.changed();
    const alive = () => this.isOpen && this.publications.get(source) === publication;
    return {
      get alive() {
        return alive();
      },
      replace: async (newer) => {
        publication.track = newer;
      },
      mute: async (wanted) => {
        publication.muted = wanted;
        this.#sfu.changed();
      },
      unpublish: async () => {
        this.publications.delete(source);
        this.#sfu.changed();
      },
    };
  }

  mend(): void {
    this.#sfu.mends += 1;
  }

  async stats(): Promise<readonly StatsReport[]> {
    await settle();
    if (!this.#sfu.silent) this.#received += 1;
    if (!this.inside) return [];
    const rows = [
      { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
      { id: 'P', type: 'candidate-pair', currentRoundTripTime: 0.03, localCandidateId: 'L', remoteCandidateId: 'R' },
      { id: 'IA', type: 'inbound-rtp', kind: 'audio', packetsReceived: this.#received },
      { id: 'L', type: 'local-candidate', candidateType: 'host' },
      { id: 'R', type: 'remote-candidate', candidateType: 'host' },
    ];
    return [new Map(rows.map((row) => [row.id, row]))];
  }

  /** What this side asks now of what somebody sends. */
  wantOf(identity: string, source: TrackSource): Want | null {
    const publication = this.#sfu.of(identity)?.publications.get(source);
    return publication ? (this.asked.get(publication.id)?.at(-1) ?? (this.everything ? 'high' : null)) : null;
  }

  #incomingOf(publication: Publication): Incoming {
    const known = this.#incoming.get(publication.id);
    if (known) return known;
    const unasked = this.everything ? 'high' : 'none';
    const want = () => this.asked.get(publication.id)?.at(-1) ?? unasked;
    const incoming: Incoming = {
      id: publication.id,
      source: publication.source,
      get muted() {
        return publication.muted;
      },
      // What is received is a track of this side's own.
      get track() {
        return want() === 'none' ? null : remote;
      },
      receive: (wanted) => {
        if (!this.mayReceive()) throw new Error('asked without a right to');
        if (want() === wanted) return;
        this.asked.set(publication.id, [...(this.asked.get(publication.id) ?? []), wanted]);
        void settle().then(() => this.inside && this.handlers.changed());
      },
      arrived: async () => this.#sfu.path === 'up' && want() !== 'none' && !publication.muted,
    };
    const remote: MediaTrack = { id: `received-${publication.id}`, kind: publication.track.kind };
    this.#incoming.set(publication.id, incoming);
    return incoming;
  }
}
