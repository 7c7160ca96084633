import { type Call, isLive, isSeated, type Participant } from '@parley/domain';
import { type CallEventRecord, Uuid } from '@parley/protocol';
import type { Database, Sql } from '../ports/database.ts';
import type { Logger } from '../ports/logger.ts';
import type { MediaServer } from '../ports/media-server.ts';
import { findInRoom, type InRoom } from '../store/media-calls.ts';
import { grantsFor, identityOf, partsOf } from './media-grants.ts';
import { type Look, RoomLanes } from './room-lanes.ts';

/** A call before and after what was committed. */
export interface MediaChange {
  readonly room: string;
  readonly before: Call;
  readonly after: Call;
}

/**
 * Says to the media server what the ledger says: who has a seat may hear and speak, who lost it is taken out with all their devices, who
 * was muted is, and the room goes with the call. Each is read from the ledger when its turn comes, so that the order in which commits
 * are heard of does not matter; what fails is said again by `retry`, and set right by the comparison of `createMediaLedger`.
 */
export interface MediaEffects {
  /** What was committed; nobody waits for it. */
  committed(change: MediaChange, events: readonly CallEventRecord[]): void;
  /** Somebody is in a room and may be wrong there. Rejects where it cannot be set right now. @returns who was there and was put out */
  look(room: string, identity: string): Promise<readonly string[]>;
  close(room: string): Promise<void>;
  retry(): Promise<void>;
}

export function createMediaEffects({
  db,
  media,
  log,
}: {
  readonly db: Pick<Database, 'once'>;
  readonly media: MediaServer;
  readonly log: Logger;
}): MediaEffects {
  const sql: Sql = { query: (text, params) => db.once(text, params) };

  async function look(room: string, userId: string, { identities, mute }: Look): Promise<readonly string[]> {
    const found = await findInRoom(sql, room, Uuid.safeParse(userId).data ?? null);
    // Rooms of others on the same media server are none of ours.
    if (found === null) return [];
    if (!found.isLive) {
      await media.closeRoom(room);
      return [];
    }
    const seat = found.deviceId === null ? null : identityOf(userId, found.deviceId);
    const ahead = found.ahead.map((deviceId) => identityOf(userId, deviceId));
    const all = new Set([...identities, ...ahead, ...(seat === null ? [] : [seat])]);
    const put: string[] = [];
    const asked = [...all].map(async (identity) => {
      if (await setRight(room, found, identity)) put.push(identity);
    });
    if (mute && found.isMuted && seat !== null) asked.push(media.mute(room, seat, 'microphone'));
    for (const result of await Promise.allSettled(asked)) if (result.status === 'rejected') throw result.reason;
    return put;
  }

  /** @returns whether they were put out */
  async function setRight(room: string, found: InRoom, identity: string): Promise<boolean> {
    const grants = grantsFor(found.state, found.deviceId, partsOf(identity).deviceId);
    if (grants === null) return media.remove(room, identity);
    await media.setGrants(room, identity, grants);
    return false;
  }

  const lanes = new RoomLanes({
    look,
    close: (room) => media.closeRoom(room),
    failed: (room, error) => log.warn({ room, reason: String(error) }, 'The media server was not told'),
  });

  return {
    committed({ room, before, after }, events) {
      if (after.media.engine !== 'livekit') return;
      if (!isLive(after)) {
        void lanes.close(room).catch(() => undefined);
        return;
      }
      for (const [position, person] of after.participants.entries()) {
        // Nobody is taken out of the list, and new ones come last.
        const old = before.participants[position];
        const mute = events.some(({ type, data }) => type === 'muted' && data.userId === person.userId);
        if (!mute && (old === person || isSame(old, person))) continue;
        const identities = new Set(old && isSeated(old) ? [identityOf(old.userId, old.seat.deviceId)] : []);
        void lanes.look(room, person.userId, { identities, mute }).catch(() => undefined);
      }
    },
    look: (room, identity) =>
      lanes.look(room, partsOf(identity).userId, { identities: new Set([identity]), mute: false }),
    close: (room) => lanes.close(room),
    retry: () => lanes.retry(),
  };
}

/** Whether the media server has nothing to hear of what has changed of a person. */
function isSame(old: Participant | undefined, person: Participant): boolean {
  const seatOf = (p: Participant) => (isSeated(p) ? p.seat.deviceId : null);
  const before = old ? seatOf(old) : null;
  if (before !== null || seatOf(person) !== null) return before === seatOf(person);
  // Who is asked in comes ahead by a token of their own; who is not any more leaves with every device that came ahead.
  return person.state === 'ringing' || person.state === 'invited' || old?.state === person.state;
}
