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

export interface KnockTold {
  readonly knockId: string;
  readonly status: 'waiting' | 'admitted' | 'denied';
  readonly callId: string | null;
}

/**
 * What use cases tell the world after their commit. The in-memory hub is one; with Redis each node's hub hears of it.
 * Publishing may fail or come out of order between nodes: clients and the relay make up for it.
 */
export interface Publisher {
  call(view: CallView, events: readonly CallEventRecord[]): void;
  /** To one device of the person, or to all of that device's instances that are connected. */
  ring(userId: string, deviceId: string, ring: Ring): void;
  inbox(userId: string, item: Notification): void;
  message(message: Message): void;
  /** Who waits before a call, whole. */
  knocks(callId: string, knocks: readonly Knock[]): void;
  /** What became of somebody's knock. */
  knock(userId: string, answer: KnockTold): void;
  /** A line of the chat of a call. */
  callMessage(message: CallMessage): void;
  teamChanged(teamId: string, changed: 'members' | 'channels'): void;
  /** Name, picture or do-not-disturb of somebody of the team. */
  personChanged(teamId: string, person: Member): void;
  /** Closes the sockets of this person, or those of one session alone. */
  disconnect(userId: string, reason: 'signed_out' | 'blocked', sessionId?: string | null): void;
}
