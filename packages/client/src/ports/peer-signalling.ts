import type { InstanceId, UserId } from '@parley/domain';

/** What a peer-to-peer engine needs of the signalling: addressed, opaque messages within one call and epoch. */
export interface PeerSignalling {
  /** Remote instances that hold a seat, and who offers: the initiator of the call does (the ledger decides, not the wire). */
  peers(): readonly Peer[];
  onPeers(listener: (peers: readonly Peer[]) => void): () => void;
  send(to: InstanceId, generation: number, payload: string): void;
  onMessage(listener: (message: PeerMessage) => void): () => void;
}

export interface Peer {
  readonly userId: UserId;
  readonly instanceId: InstanceId;
  /** True if this side yields when two offers collide (RFC 8829 has no word for it; "perfect negotiation" has). */
  readonly polite: boolean;
}

export interface PeerMessage {
  readonly from: InstanceId;
  readonly generation: number;
  readonly payload: string;
}
