import { type Call, isLive, isSeated } from '@parley/domain';
import type { CallEventRecord } from '@parley/protocol';
import { FULL, identityOf } from './media-grants.ts';
import type { CallDeps } from './types.ts';

/** A call before and after what was committed. */
export interface MediaChange {
  readonly room: string;
  readonly before: Call;
  readonly after: Call;
}

/**
 * Tells the media server of what was committed: who has a seat may hear and speak, who lost it is taken out, who was muted is,
 * and the room goes with the call. What fails here is set right by the comparison of `createMediaLedger`.
 */
export async function tellMediaServer(
  { media, log }: CallDeps,
  { room, before, after }: MediaChange,
  events: readonly CallEventRecord[],
): Promise<void> {
  if (!media || after.media.engine !== 'livekit') return;
  const asked: Promise<void>[] = [];
  if (!isLive(after)) asked.push(media.closeRoom(room));
  else {
    for (const [position, person] of after.participants.entries()) {
      // Nobody is taken out of the list, and new ones come last.
      const old = before.participants[position];
      if (old === person) continue;
      const had = old && isSeated(old) ? identityOf(old.userId, old.seat.deviceId) : null;
      const has = isSeated(person) ? identityOf(person.userId, person.seat.deviceId) : null;
      if (had !== null && had !== has) asked.push(media.remove(room, had));
      if (has !== null && had !== has) asked.push(media.setGrants(room, has, FULL));
      if (has !== null && events.some((e) => e.type === 'muted' && e.data.userId === person.userId)) {
        asked.push(media.mute(room, has, 'microphone'));
      }
    }
  }
  for (const result of await Promise.allSettled(asked)) {
    if (result.status === 'fulfilled') continue;
    log.warn({ callId: after.id, reason: String(result.reason) }, 'The media server was not told');
  }
}
