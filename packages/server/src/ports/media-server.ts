/**
 * `starting`: it is being built, fetched or started, or does not answer just now. `absent`: there is none, and none will come
 * by itself.
 */
export type MediaServerState = 'ready' | 'starting' | 'absent';

export type MediaSource = 'microphone' | 'camera' | 'screen' | 'screen_audio';

/** What somebody may do in a room. Without `subscribe` nothing of the others reaches them. */
export interface MediaGrants {
  readonly subscribe: boolean;
  readonly publish: readonly MediaSource[];
}

export interface RoomMember {
  readonly identity: string;
  readonly grants: MediaGrants;
  readonly joinedAt: Date;
  /** Ids of the tracks that are published. */
  readonly publishing: readonly string[];
}

/** What the media server tells of itself. It may come late, twice, out of order, or never. */
export interface MediaEvent {
  readonly kind: 'joined' | 'left' | 'room_closed';
  readonly room: string;
  /** Null for `room_closed`. */
  readonly identity: string | null;
  readonly at: Date;
  /** The same for the same event told again. */
  readonly id: string;
}

/**
 * A selective forwarding unit (SFU), as the ledger uses it. A room or a member that is not there is no error: what the caller
 * wanted is so already. All but `state` and `publicUrl` throw where the server cannot be reached; whoever calls them after a
 * commit leaves that to the reconciler.
 */
export interface MediaServer {
  state(): MediaServerState;
  /** Where clients find it: ws:// or wss://, or a path on this server. Null while there is none. */
  publicUrl(): string | null;
  /** @param request.ttlSeconds for how long one may join with it; whoever is in stays */
  issueToken(request: {
    readonly room: string;
    readonly identity: string;
    readonly name: string;
    readonly grants: MediaGrants;
    readonly ttlSeconds: number;
  }): Promise<{ readonly token: string; readonly expiresAt: Date }>;
  setGrants(room: string, identity: string, grants: MediaGrants): Promise<void>;
  /** @returns whether there was such a member */
  remove(room: string, identity: string): Promise<boolean>;
  /** Mutes what is published from that source; the person may open it again. */
  mute(room: string, identity: string, source: MediaSource): Promise<void>;
  closeRoom(room: string): Promise<void>;
  /** @returns null where there is no such room */
  members(room: string): Promise<readonly RoomMember[] | null>;
  /** @returns null for what this server did not sign, and for what tells nothing of people */
  verifyWebhook(body: string, authorization: string | undefined): Promise<MediaEvent | null>;
}

/** What the ledger makes of it. */
export interface MediaLedger {
  /** May come late, twice or out of order: it compares, and believes no event. */
  mediaEvent(event: MediaEvent): Promise<void>;
  /** Compares all calls on the media server with who is there. Returns how many things it set right. */
  reconcileMedia(): Promise<number>;
}
