import { MAX_RELAY_CHARS, type ServerMessage } from '@parley/protocol';
import { EdgeError } from '../ports/edge-error.ts';
import type { HubContext } from './context.ts';
import type { FanoutMessage, SeatRef } from './fanout.ts';
import type { LiveCalls } from './live-calls.ts';
import type { NodeFanout } from './node-fanout.ts';
import type { Registry } from './registry.ts';
import type { Roster } from './roster.ts';
import { type Session, senderOf } from './session.ts';

export interface RelayMessage {
  readonly callId: string;
  readonly to: string;
  readonly epoch: number;
  readonly generation: number;
  readonly payload: string;
}

/** The way to sockets of other nodes. */
export interface Nodes {
  readonly roster: Pick<Roster, 'nodeOf'>;
  readonly fanout: Pick<NodeFanout, 'tell'>;
}

/**
 * Passes an opaque message from instance to instance within one live call. The sender is whoever the socket belongs to.
 * Asks memory only: `view` must have been loaded.
 * @throws EdgeError `peer_not_in_call`, `peer_away`, `stale_epoch`
 */
export function relay(
  calls: LiveCalls,
  registry: Registry,
  nodes: Nodes | null,
  session: Session,
  message: RelayMessage,
): void {
  const view = calls.get(message.callId);
  const from = calls.find(message.callId, session.instanceId);
  const to = calls.find(message.callId, message.to);
  const mine = from?.instance.userId === session.user.id;
  if (!view || !from || !to || !mine || !mayTalk(view.call.initiatorId, from, to)) {
    throw new EdgeError('peer_not_in_call');
  }
  if (message.epoch !== view.call.mediaEpoch) throw new EdgeError('stale_epoch');
  if (message.payload.length > MAX_RELAY_CHARS) throw new EdgeError('frame_too_large');
  const told = {
    t: 'relay',
    callId: message.callId,
    from: senderOf(session),
    epoch: message.epoch,
    generation: message.generation,
    payload: message.payload,
  } satisfies ServerMessage;
  const target = registry.instance(to.instance);
  if (target) {
    target.connection.send(told);
    return;
  }
  const node = nodes?.roster.nodeOf(to.instance);
  if (!nodes || node === undefined) throw new EdgeError('peer_away');
  const { userId, instanceId } = to.instance;
  nodes.fanout.tell(node, { ...told, to: { userId, instanceId } });
}

/**
 * Brings what another node has let through to its socket. Where that has gone meanwhile the sender is told so, as if it had been
 * known at once.
 */
export function relayed(
  { registry, deps }: HubContext,
  message: Extract<FanoutMessage, { t: 'relay' }>,
  from: string,
): void {
  const { to, ...told } = message;
  const target = registry.instance(to);
  if (target) target.connection.send({ ...told, from: { ...told.from } });
  else deps.nodes?.tell(from, { t: 'relay_back', callId: told.callId, to: told.from });
}

export function relayedBack({ registry }: HubContext, callId: string, to: SeatRef): void {
  registry.instance(to)?.connection.error(callId, new EdgeError('peer_away'));
}

type Found = NonNullable<ReturnType<LiveCalls['find']>>;

/** Seats talk to each other; a ringing device only with the caller's seat, to which alone it shows its addresses. */
function mayTalk(initiatorId: string, from: Found, to: Found): boolean {
  if (from.instance.userId === to.instance.userId) return false;
  if (from.role === 'seat' && to.role === 'seat') return true;
  const isCaller = (found: Found) => found.role === 'seat' && found.instance.userId === initiatorId;
  return (isCaller(from) && to.role === 'ready') || (isCaller(to) && from.role === 'ready');
}
