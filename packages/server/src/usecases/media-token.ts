import { isLive, isSeated, participantOf } from '@parley/domain';
import type { MediaCredentials, PersonSettings } from '@parley/protocol';
import { EdgeError } from '../ports/edge-error.ts';
import type { StoredCall } from '../store/call-record.ts';
import { beginCredentials, findCall } from '../store/calls.ts';
import { noteRoomToken } from '../store/media-calls.ts';
import { type CallContext, claimsOf, hasMediaServer, single } from './context.ts';
import { CREDENTIALS_MS, iceServers } from './ice-servers.ts';
import { grantsOf, identityOf } from './media-grants.ts';
import type { Actor } from './types.ts';

/**
 * Short: it lets somebody in, and whoever is in stays, with tokens that LiveKit renews by itself. Another is had by asking again, which
 * clients do after four fifths of the time (decision 0030).
 */
const TOKEN_SECONDS = 120;

/**
 * What a device needs to carry the media of a live call. Peer to peer there is no token, and what may
 * be used is decided by the relay of the signalling; TURN credentials are the only secret.
 * @throws EdgeError `not_found` for whoever neither sits in the call nor is rung by it, `call_ended`,
 * `other_device` for one that does not hold the seat, `sfu_unavailable`
 */
export async function mediaToken(context: CallContext, actor: Actor, callId: string): Promise<MediaCredentials> {
  await context.settle([callId]);
  const stored = await context.db.readAs(claimsOf(actor), (sql) => findCall(sql, callId));
  const person = stored && participantOf(stored.call, actor.userId);
  if (!stored || !person) throw new EdgeError('not_found');
  if (!isLive(stored.call)) throw new EdgeError('call_ended');
  if (!isSeated(person) && person.state !== 'ringing') throw new EdgeError('not_found');
  if (stored.call.media.engine === 'livekit') return serverToken(context, actor, stored);
  const { expiresAt, hideAddress } = await beginCredentials(single(context), {
    callId,
    userId: actor.userId,
    lastMs: CREDENTIALS_MS,
    skewMs: context.clock.skewMs(),
  });
  return {
    engine: stored.call.media.engine,
    url: null,
    token: null,
    roomName: stored.roomName,
    uid: actor.userId,
    expiresAt: new Date(expiresAt).toISOString(),
    iceServers: await iceServers(context.settings, actor.userId, expiresAt),
    relayOnly: isRelayOnly(context, hideAddress, isSeated(person)),
  };
}

/**
 * Who hides their address always is reached through a relay, if there is one: without it there would be no call at all. Before they
 * answer nobody who hides it is connected with where there is none: that is what a client does of these credentials.
 */
function isRelayOnly(context: CallContext, hides: PersonSettings['hideAddress'], answered: boolean): boolean {
  return answered ? hides === 'always' && context.settings.turn !== null : hides !== 'never';
}

/** Who is rung joins ahead, hears nothing and is not heard; who sits there has all that their call has. */
async function serverToken(context: CallContext, actor: Actor, stored: StoredCall): Promise<MediaCredentials> {
  const { call, roomName, names } = stored;
  const { media } = context;
  if (actor.deviceId === null) throw new EdgeError('device_required');
  const identity = identityOf(actor.userId, actor.deviceId);
  const grants = grantsOf(call, identity);
  if (grants === null) throw new EdgeError('other_device');
  if (!media || !hasMediaServer(context)) throw new EdgeError('sfu_unavailable', { retryAfter: 2 });
  const name = names.get(actor.userId) ?? '';
  const { token, expiresAt } = await media
    .issueToken({ room: roomName, identity, name, grants, ttlSeconds: TOKEN_SECONDS })
    .catch((cause: unknown) => {
      throw new EdgeError('sfu_unavailable', { retryAfter: 2, cause });
    });
  const noted = { callId: call.id, userId: actor.userId, deviceId: actor.deviceId, expiresAt: expiresAt.getTime() };
  if (!(await noteRoomToken(single(context), noted))) {
    // It ended meanwhile, and its room was closed before this token made it anew.
    await context.mediaEffects?.close(roomName).catch(() => undefined);
    throw new EdgeError('call_ended');
  }
  return {
    engine: call.media.engine,
    url: media.publicUrl(),
    token,
    roomName,
    uid: identity,
    expiresAt: expiresAt.toISOString(),
    iceServers: await iceServers(context.settings, actor.userId, expiresAt.getTime()),
    // The server stands between: nobody learns an address of another.
    relayOnly: false,
  };
}
