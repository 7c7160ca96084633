import { isLive, isSeated, participantOf } from '@parley/domain';
import type { MediaCredentials } from '@parley/protocol';
import { EdgeError } from '../ports/edge-error.ts';
import { findCall, noteTokenExpiry } from '../store/calls.ts';
import { databaseNow } from '../store/housekeeping.ts';
import { hidesAddress } from '../store/settings.ts';
import { type CallContext, claimsOf, single } from './context.ts';
import { CREDENTIALS_MS, iceServers } from './ice-servers.ts';
import type { Actor } from './types.ts';

/**
 * What a device needs to carry the media of a live call. Two people talk peer to peer: there is no token, and what may
 * be used is decided by the relay of the signalling; TURN credentials are the only secret.
 * @throws EdgeError `not_found` for whoever neither sits in the call nor is rung by it, `call_ended`
 */
export async function mediaToken(context: CallContext, actor: Actor, callId: string): Promise<MediaCredentials> {
  await context.settle([callId]);
  const stored = await context.db.readAs(claimsOf(actor), (sql) => findCall(sql, callId));
  const person = stored && participantOf(stored.call, actor.userId);
  if (!stored || !person) throw new EdgeError('not_found');
  if (!isLive(stored.call)) throw new EdgeError('call_ended');
  if (!isSeated(person) && person.state !== 'ringing') throw new EdgeError('not_found');
  const expiresAt = (await databaseNow(single(context), context.clock.skewMs())) + CREDENTIALS_MS;
  await noteTokenExpiry(single(context), callId, expiresAt);
  return {
    engine: stored.call.media.engine,
    url: null,
    token: null,
    roomName: stored.roomName,
    uid: actor.userId,
    expiresAt: new Date(expiresAt).toISOString(),
    iceServers: await iceServers(context.settings, actor.userId, expiresAt),
    // Without a relay there would be no call at all.
    relayOnly: context.settings.turn !== null && (await hidesAddress(single(context), actor.userId)),
  };
}
