import type { Instant, ParticipantStateName } from '@parley/domain';
import type { Participant } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

interface Row {
  readonly position: number;
  readonly user_id: string;
  readonly display_name: string | null;
  readonly state: ParticipantStateName;
  readonly joined_at: Instant | null;
  readonly left_at: Instant | null;
  readonly is_muted: boolean;
  readonly video_enabled: boolean;
  readonly is_guest: boolean;
  readonly is_host: boolean;
  readonly hand_raised_at: Instant | null;
  readonly media_epoch: number | null;
  readonly waiting: boolean;
  readonly on_hold: boolean;
}

export interface PlacedParticipant {
  /** In the call's order, from 0. */
  readonly position: number;
  readonly person: Participant;
}

export interface WantedParticipants {
  readonly from: number;
  readonly limit: number;
  /** Part of a name, in any case; null for all. */
  readonly name: string | null;
  /** Those alone who sit there, or whom it rings. */
  readonly here: boolean;
}

/** Some people of a call, as far as whoever asks may see it; null where they may not. */
export async function findParticipants(
  sql: Sql,
  callId: string,
  { from, limit, name, here }: WantedParticipants,
): Promise<PlacedParticipant[] | null> {
  const [call] = await sql.query('select 1 as found from public.call_sessions where id = $1', [callId]);
  if (!call) return null;
  const rows = await sql.query<Row>(
    `select p.position, p.user_id, n.display_name, p.state, parley.ms(p.joined_at)::float8 as joined_at,
       parley.ms(p.left_at)::float8 as left_at, p.is_muted, p.video_enabled, p.is_guest,
       p.user_id is not distinct from s.host_id as is_host,
       parley.ms(p.hand_raised_at)::float8 as hand_raised_at, p.media_epoch, p.waiting, p.on_hold
     from public.call_participants p
     join public.call_sessions s on s.id = p.call_session_id
     left join parley.names_in_call($1) n on n.user_id = p.user_id
     where p.call_session_id = $1 and p.position >= $2
       and ($3::text is null or strpos(lower(n.display_name), lower($3)) > 0)
       and (not $4::boolean or p.state in ('invited', 'ringing', 'connecting', 'joined'))
     order by p.position limit $5`,
    [callId, from, name, here, limit],
  );
  return rows.map((row) => ({ position: row.position, person: toParticipant(row) }));
}

const at = (instant: Instant | null): string | null => (instant === null ? null : new Date(instant).toISOString());

const toParticipant = (row: Row): Participant => ({
  userId: row.user_id,
  displayName: row.display_name ?? '',
  state: row.state,
  joinedAt: at(row.joined_at),
  leftAt: at(row.left_at),
  isMuted: row.is_muted,
  videoEnabled: row.video_enabled,
  role: row.is_host ? 'host' : row.is_guest ? 'guest' : 'member',
  handRaisedAt: at(row.hand_raised_at),
  mediaEpoch: row.media_epoch,
  waiting: row.waiting,
  onHold: row.on_hold,
});
