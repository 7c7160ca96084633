import type { Sql } from '../ports/database.ts';
import type { Sender } from '../store/calls.ts';
import type { Doubts } from './doubts.ts';
import type { KnownCalls } from './known-calls.ts';
import type { Lines } from './lines.ts';
import type { Actor, CallDeps } from './types.ts';

/** What the parts of the call use cases share. */
export interface CallContext extends CallDeps {
  readonly doubts: Doubts;
  readonly known: KnownCalls;
  /** Of commands upon each call. */
  readonly lines: Lines;
  /** Makes sure that a gap in the server's own life has been made up for before anything expires. */
  ensureBeat(): Promise<void>;
  /** Applies what is due to these calls, or to a batch of all; returns how many changed. */
  settle(callIds?: readonly string[]): Promise<number>;
}

/** A `Sql` of single statements, each in its own transaction. */
export const single = ({ db }: CallDeps): Sql => ({ query: (text, params) => db.once(text, params) });

/** Whether groups can go through a media server at this moment; else they are a mesh. */
export const hasMediaServer = ({ media }: CallDeps): boolean => media?.state() === 'ready';

export const claimsOf = ({ userId, isAnonymous }: Actor) => ({ sub: userId, isAnonymous });

/** The instance that a command comes from; null where the request named no device. */
export function senderOf(actor: Actor, leaseMs: number): Sender | null {
  const { userId, deviceId, instanceId } = actor;
  return deviceId === null ? null : { userId, deviceId, instanceId: instanceId ?? deviceId, leaseMs };
}
