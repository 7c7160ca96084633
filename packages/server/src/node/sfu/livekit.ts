import { createHash } from 'node:crypto';
import {
  AccessToken,
  type ParticipantInfo,
  RoomServiceClient,
  ServerError,
  TrackSource,
  WebhookReceiver,
} from 'livekit-server-sdk';
import type { MediaEvent, MediaGrants, MediaServer, MediaServerState, MediaSource } from '../../ports/media-server.ts';
import type { Keys } from './keys.ts';

/** Seconds after which a request to the media server has failed. */
const TIMEOUT_S = 5;
/** Seconds for which a room stays that nobody is in: the ledger closes them, this is for those that it could not. */
const EMPTY_S = 300;

const SOURCES: Readonly<Record<MediaSource, TrackSource>> = {
  microphone: TrackSource.MICROPHONE,
  camera: TrackSource.CAMERA,
  screen: TrackSource.SCREEN_SHARE,
  screen_audio: TrackSource.SCREEN_SHARE_AUDIO,
};
const NAMES = new Map(Object.entries(SOURCES).map(([name, source]) => [source, name as MediaSource]));
const EVENTS: Readonly<Record<string, MediaEvent['kind'] | undefined>> = {
  participant_joined: 'joined',
  participant_left: 'left',
  participant_connection_aborted: 'left',
  room_finished: 'room_closed',
};

interface LiveKitOptions {
  readonly keys: Keys;
  /** Where this process reaches it (http:// or https://); null while it has no address. */
  serverUrl(): string | null;
  publicUrl(): string | null;
  state(): MediaServerState;
}

/** LiveKit as the ledger's media server, through its own server SDK. */
export function createLiveKit({ keys, serverUrl, publicUrl, state }: LiveKitOptions): MediaServer {
  const receiver = new WebhookReceiver(keys.key, keys.secret);
  let known: { url: string; rooms: RoomServiceClient } | null = null;
  const rooms = (): RoomServiceClient => {
    const url = serverUrl();
    if (url === null) throw new Error('The media server has no address yet.');
    if (known?.url !== url) {
      known = { url, rooms: new RoomServiceClient(url, keys.key, keys.secret, { requestTimeout: TIMEOUT_S }) };
    }
    return known.rooms;
  };

  return {
    state,
    publicUrl,
    async issueToken({ room, identity, name, grants, ttlSeconds }) {
      // Made here and nowhere else (`auto_create` is off): with the token of a call that is over nobody opens its room again.
      await rooms().createRoom({ name: room, emptyTimeout: EMPTY_S, departureTimeout: EMPTY_S });
      const token = new AccessToken(keys.key, keys.secret, { identity, name, ttl: ttlSeconds });
      token.addGrant({
        room,
        roomJoin: true,
        ...rightsOf(grants),
        canUpdateOwnMetadata: false,
      });
      const signed = await token.toJwt();
      return { token: signed, expiresAt: expiryOf(signed) };
    },
    async setGrants(room, identity, grants) {
      await unlessGone(
        rooms().updateParticipant(room, identity, { permission: { ...rightsOf(grants), canUpdateMetadata: false } }),
      );
    },
    async remove(room, identity) {
      const removed = rooms()
        .removeParticipant(room, identity)
        .then(() => true);
      return (await unlessGone(removed)) ?? false;
    },
    async mute(room, identity, source) {
      const person = await unlessGone(rooms().getParticipant(room, identity));
      for (const track of person?.tracks ?? []) {
        if (track.source === SOURCES[source] && !track.muted) {
          await unlessGone(rooms().mutePublishedTrack(room, identity, track.sid, true));
        }
      }
    },
    async closeRoom(room) {
      await unlessGone(rooms().deleteRoom(room));
    },
    async members(room) {
      const found = await unlessGone(rooms().listParticipants(room));
      if (found === null) return null;
      // LiveKit does not tell a room without people from one that is not there.
      if (found.length === 0 && (await rooms().listRooms([room])).length === 0) return null;
      return found.map(memberOf);
    },
    async verifyWebhook(body, authorization) {
      const event = await receiver.receive(body, authorization).catch(() => null);
      const kind = event === null ? undefined : EVENTS[event.event];
      if (!event || !kind || !event.room) return null;
      return {
        kind,
        room: event.room.name,
        identity: kind === 'room_closed' ? null : (event.participant?.identity ?? null),
        at: new Date(Number(event.createdAt) * 1_000),
        id: event.id || createHash('sha256').update(body).digest('hex'),
      };
    },
  };
}

/** The same in a token and for whoever is in; of what else it may be, each has a name of its own. */
const rightsOf = (grants: MediaGrants) => ({
  canSubscribe: grants.subscribe,
  canPublish: grants.publish.length > 0,
  canPublishSources: grants.publish.map((source) => SOURCES[source]),
  // Everything but media goes through the ledger.
  canPublishData: false,
});

function memberOf({ identity, permission, joinedAtMs, tracks }: ParticipantInfo) {
  const publish = (permission?.canPublishSources ?? []).flatMap((source) => NAMES.get(source) ?? []);
  return {
    identity,
    grants: { subscribe: permission?.canSubscribe === true, publish: permission?.canPublish ? publish : [] },
    joinedAt: new Date(Number(joinedAtMs)),
    publishing: tracks.map(({ sid }) => sid),
  };
}

/** What is not there needs no change: an end and a removal meet often enough. */
async function unlessGone<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ServerError && (error.status === 404 || error.code === 'not_found')) return null;
    throw error;
  }
}

/** As it stands in the token, so that nobody computes another. */
function expiryOf(token: string): Date {
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  const exp = typeof claims === 'object' && claims !== null && 'exp' in claims ? Number(claims.exp) : 0;
  return new Date(exp * 1_000);
}

/** Whether the media server did not take the keys. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof ServerError && (error.status === 401 || error.status === 403);
