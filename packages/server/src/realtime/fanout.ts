import type {
  CallEventRecord,
  CallMessage,
  CallView,
  Knock,
  Member,
  Message,
  Notification,
  PresenceState,
  Ring,
} from '@parley/protocol';
import type { KnockTold, Publisher } from '../ports/publisher.ts';

/** What travels between use cases and hubs: plain JSON, so that it can cross processes. */
export type FanoutMessage =
  | { readonly t: 'call'; readonly view: CallView; readonly events: readonly CallEventRecord[] }
  | { readonly t: 'ring'; readonly userId: string; readonly deviceId: string; readonly ring: Ring }
  | {
      readonly t: 'ready';
      readonly callId: string;
      readonly from: { readonly userId: string; readonly deviceId: string; readonly instanceId: string };
    }
  | { readonly t: 'reaction'; readonly callId: string; readonly userId: string; readonly emoji: string }
  | { readonly t: 'inbox'; readonly userId: string; readonly item: Notification }
  | { readonly t: 'message'; readonly message: Message }
  | { readonly t: 'knocks'; readonly callId: string; readonly knocks: readonly Knock[] }
  | ({ readonly t: 'knock'; readonly userId: string } & KnockTold)
  | { readonly t: 'call_message'; readonly message: CallMessage }
  | { readonly t: 'team'; readonly teamId: string; readonly changed: 'members' | 'channels' }
  | { readonly t: 'person'; readonly teamId: string; readonly person: Member }
  | {
      readonly t: 'disconnect';
      readonly userId: string;
      /** Null for all of the person's. */
      readonly sessionId: string | null;
      readonly reason: 'signed_out' | 'blocked';
    }
  | NodeMessage;

/** A socket of some node, by whose it is. */
export interface SeatRef {
  readonly userId: string;
  readonly instanceId: string;
}

/** A socket as its node tells the others of it. */
export interface RosterEntry extends SeatRef {
  readonly teamIds: readonly string[];
  readonly state: PresenceState;
  /** When it said hello, by its node's clock: of two nodes that name the same instance the later one has it. */
  readonly since: number;
}

/** What nodes say to each other for themselves. */
export type NodeMessage =
  /** To the node of the receiver's socket. */
  | {
      readonly t: 'relay';
      readonly callId: string;
      readonly from: { readonly userId: string; readonly deviceId: string; readonly instanceId: string };
      readonly to: SeatRef;
      readonly epoch: number;
      readonly generation: number;
      readonly payload: string;
    }
  /** Back: the socket has gone meanwhile. `to` is who sent. */
  | { readonly t: 'relay_back'; readonly callId: string; readonly to: SeatRef }
  /**
   * A sign of life. `roster`: how often the node's sockets have changed. `redis`: false where it cannot hear Redis. `resumed`: how often
   * it has begun to listen again after a gap.
   */
  | { readonly t: 'beat'; readonly redis: boolean; readonly roster: number; readonly resumed?: number }
  | {
      readonly t: 'roster';
      readonly version: number;
      readonly here: readonly RosterEntry[];
      readonly gone: readonly SeatRef[];
    }
  /** Asks a node for all its sockets. */
  | { readonly t: 'roll_call' }
  /** The answer, in parts. */
  | {
      readonly t: 'roll';
      readonly version: number;
      readonly part: number;
      readonly parts: number;
      readonly here: readonly RosterEntry[];
    }
  /** The node goes, in good order. */
  | { readonly t: 'bye' };

/** The node that a message comes from; null for this one. */
export type Origin = string | null;
export type FanoutListener = (message: FanoutMessage, from: Origin) => void;

/** Carries messages to every hub: to this process's own at once, to others as fast as may be, and to each of them once. */
export interface Fanout {
  publish(message: FanoutMessage): void;
  subscribe(listener: FanoutListener): () => void;
}

export interface LocalFanout extends Fanout {
  /** To the listeners of this process alone; `from` says where it comes from. */
  deliver(message: FanoutMessage, from: Origin): void;
}

/** One process, which is everybody. */
export function createLocalFanout(): LocalFanout {
  const listeners = new Set<FanoutListener>();
  const deliver = (message: FanoutMessage, from: Origin) => {
    for (const listener of listeners) listener(message, from);
  };
  return {
    deliver,
    publish: (message) => deliver(message, null),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The use cases' `Publisher` over a fan-out. */
export function fanoutPublisher(fanout: Fanout): Publisher {
  return {
    call: (view, events) => fanout.publish({ t: 'call', view, events }),
    ring: (userId, deviceId, ring) => fanout.publish({ t: 'ring', userId, deviceId, ring }),
    inbox: (userId, item) => fanout.publish({ t: 'inbox', userId, item }),
    message: (message) => fanout.publish({ t: 'message', message }),
    knocks: (callId, knocks) => fanout.publish({ t: 'knocks', callId, knocks }),
    knock: (userId, answer) => fanout.publish({ t: 'knock', userId, ...answer }),
    callMessage: (message) => fanout.publish({ t: 'call_message', message }),
    teamChanged: (teamId, changed) => fanout.publish({ t: 'team', teamId, changed }),
    personChanged: (teamId, person) => fanout.publish({ t: 'person', teamId, person }),
    disconnect: (userId, reason, sessionId) =>
      fanout.publish({ t: 'disconnect', userId, sessionId: sessionId ?? null, reason }),
  };
}
