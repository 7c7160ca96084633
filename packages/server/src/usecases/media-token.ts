import { isSeatedState } from '@parley/domain';
import type { MediaCredentials, PersonSettings } from '@parley/protocol';
import { EdgeError } from '../ports/edge-error.ts';
import { beginCredentials } from '../store/calls.ts';
import { findOwnPart, noteRoomToken, type OwnPart } from '../store/media-calls.ts';
import { type CallContext, hasMediaServer, single } from './context.ts';
import { CREDENTIALS_MS, iceServers } from './ice-servers.ts';
import { grantsFor, identityOf } from './media-grants.ts';
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
  const part = await findOwnPart(single(context), callId, actor.userId);
  if (!part) throw new EdgeError('not_found');
  if (!part.isLive) throw new EdgeError('call_ended');
  const isSeated = isSeatedState(part.state);
  if (!isSeated && part.state !== 'ringing') throw new EdgeError('not_found');
  if (part.engine === 'livekit') return serverToken(context, actor, callId, part);
  const { expiresAt, hideAddress } = await beginCredentials(single(context), {
    callId,
    userId: actor.userId,
    lastMs: CREDENTIALS_MS,
    skewMs: context.clock.skewMs(),
  });
  return {
    engine: part.engine,
    url: null,
    token: null,
    roomName: part.room,
    uid: actor.userId,
    expiresAt: new Date(expiresAt).toISOString(),
    iceServers: await iceServers(context.settings, actor.userId, expiresAt),
    relayOnly: isRelayOnly(context, hideAddress, isSeated),
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
async function serverToken(
  context: CallContext,
  { userId, deviceId }: Actor,
  callId: string,
  part: OwnPart,
): Promise<MediaCredentials> {
  const { media } = context;
  const { room, engine, displayName: name } = part;
  if (deviceId === null) throw new EdgeError('device_required');
  const grants = grantsFor(part.state, part.deviceId, deviceId);
  if (grants === null) throw new EdgeError('other_device');
  if (!media || !hasMediaServer(context)) throw new EdgeError('sfu_unavailable', { retryAfter: 2 });
  const identity = identityOf(userId, deviceId);
  const { token, expiresAt } = await media
    .issueToken({ room, identity, name, grants, ttlSeconds: TOKEN_SECONDS })
    .catch((cause: unknown) => {
      throw new EdgeError('sfu_unavailable', { retryAfter: 2, cause });
    });
  if (!(await noteRoomToken(single(context), { callId, userId, deviceId, expiresAt: expiresAt.getTime() }))) {
    // It ended meanwhile, and its room was closed before this token made it anew.
    await context.mediaEffects?.close(room).catch(() => undefined);
    throw new EdgeError('call_ended');
  }
  return {
    engine,
    url: media.publicUrl(),
    token,
    roomName: room,
    uid: identity,
    expiresAt: expiresAt.toISOString(),
    iceServers: await iceServers(context.settings, userId, expiresAt.getTime()),
    // The server stands between: nobody learns an address of another.
    relayOnly: false,
  };
}
