import { MAX_RELAY_CHARS, type ServerMessage } from '@parley/protocol';
import { EdgeError } from '../ports/edge-error.ts';
import type { LiveCalls } from './live-calls.ts';
import type { Registry } from './registry.ts';
import { type Session, senderOf } from './session.ts';

export interface RelayMessage {
  readonly callId: string;
  readonly to: string;
  readonly epoch: number;
  readonly generation: number;
  readonly payload: string;
}

/**
 * Passes an opaque message from instance to instance within one live call. The sender is whoever the socket belongs to.
 * Asks memory only: `view` must have been loaded.
 * @throws EdgeError `peer_not_in_call`, `peer_away`, `stale_epoch`
 */
export function relay(calls: LiveCalls, registry: Registry, session: Session, message: RelayMessage): void {
  const view = calls.get(message.callId);
  const from = calls.find(message.callId, session.instanceId);
  const to = calls.find(message.callId, message.to);
  const mine = from?.instance.userId === session.user.id;
  if (!view || !from || !to || !mine || !mayTalk(view.call.initiatorId, from, to)) {
    throw new EdgeError('peer_not_in_call');
  }
  if (message.epoch !== view.call.mediaEpoch) throw new EdgeError('stale_epoch');
  if (message.payload.length > MAX_RELAY_CHARS) throw new EdgeError('frame_too_large');
  const target = registry.instance(to.instance);
  if (!target) throw new EdgeError('peer_away');
  target.connection.send({
    t: 'relay',
    callId: message.callId,
    from: senderOf(session),
    epoch: message.epoch,
    generation: message.generation,
    payload: message.payload,
  } satisfies ServerMessage);
}

type Found = NonNullable<ReturnType<LiveCalls['find']>>;

/** Seats talk to each other; a ringing device only with the caller's seat, to which alone it shows its addresses. */
function mayTalk(initiatorId: string, from: Found, to: Found): boolean {
  if (from.instance.userId === to.instance.userId) return false;
  if (from.role === 'seat' && to.role === 'seat') return true;
  const isCaller = (found: Found) => found.role === 'seat' && found.instance.userId === initiatorId;
  return (isCaller(from) && to.role === 'ready') || (isCaller(to) && from.role === 'ready');
}
