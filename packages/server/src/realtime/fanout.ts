import type {
  CallEventRecord,
  CallMessage,
  CallView,
  Knock,
  Member,
  Message,
  Notification,
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
    };

/** Carries messages to every hub, this process's own included. In memory here; Redis with several nodes. */
export interface Fanout {
  publish(message: FanoutMessage): void;
  subscribe(listener: (message: FanoutMessage) => void): () => void;
}

export function createLocalFanout(): Fanout {
  const listeners = new Set<(message: FanoutMessage) => void>();
  return {
    publish: (message) => {
      for (const listener of listeners) listener(message);
    },
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
