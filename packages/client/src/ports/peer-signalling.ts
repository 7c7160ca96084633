import type { InstanceId, UserId } from '@parley/domain';

/** What a peer-to-peer engine needs of the signalling: addressed, opaque messages within one call and epoch. */
export interface PeerSignalling {
  /** Remote instances that hold a seat, and who offers: the initiator of the call does (the ledger decides, not the wire). */
  peers(): readonly Peer[];
  onPeers(listener: (peers: readonly Peer[]) => void): () => void;
  /** What is sent now goes out; otherwise it waits. */
  readonly isOnline: boolean;
  send(to: InstanceId, generation: number, payload: string): void;
  onMessage(listener: (message: PeerMessage) => void): () => void;
  /**
   * That instance says over the connection itself that it was answered there: faster than the server's word, and provisional.
   * What comes of it is told by `onPeers`.
   */
  answered?(instanceId: InstanceId): void;
}

export interface Peer {
  readonly userId: UserId;
  readonly instanceId: InstanceId;
  /** True if this side yields when two offers collide (RFC 8829 has no word for it; "perfect negotiation" has). */
  readonly polite: boolean;
  /** It still rings, there or here: connected ahead, with nothing in it, and what comes of there is not played. */
  readonly warm?: boolean;
}

export interface PeerMessage {
  readonly from: InstanceId;
  readonly generation: number;
  readonly payload: string;
}
