import type { Sql } from '../ports/database.ts';
import { type CallRecord, type StoredCall, toStoredCall } from './call-record.ts';

/** Where a page of the history ended. */
export interface HistoryCursor {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly id: string;
}

/** `$1` is the person, `$2` the team or null. */
const IN_TEAM = 's.team_id = $2';
const IN_OWN_TEAMS =
  '$2::uuid is null and s.team_id in (select m.team_id from public.team_members m where m.user_id = $1)';

/**
 * Calls of a team (null: of all one's own teams) that whoever asks may see, newest first, those older than `before`. Each
 * branch walks an index of its own (one's calls from either side, the team's group calls), so that a page costs the same
 * however long the history is; row-level security has the last word in each.
 */
export async function findHistory(
  sql: Sql,
  userId: string,
  teamId: string | null,
  before: HistoryCursor | null,
  limit: number,
): Promise<StoredCall[]> {
  const inTeam = teamId === null ? IN_OWN_TEAMS : IN_TEAM;
  const branch = (condition: string) => `(
    select s.id, s.created_at from public.call_sessions s
    where ${condition} and ${inTeam} and ($3::bigint is null or (s.created_at, s.id) < (parley.at($3), $4::uuid))
    order by s.created_at desc, s.id desc limit $5)`;
  const rows = await sql.query<{ record: CallRecord | null }>(
    `select parley.call_json(h.id) as record from (
       ${branch('s.pair_low = $1')} union all ${branch('s.pair_high = $1')} union all ${branch('s.pair_low is null')}
       order by created_at desc, id desc limit $5
     ) h order by h.created_at desc, h.id desc`,
    [userId, teamId, before?.createdAt ?? null, before?.id ?? null, limit],
  );
  return rows.flatMap(({ record }) => (record ? [toStoredCall(record)] : []));
}

/** The cursor after this call. */
export const cursorAfter = ({ call }: StoredCall): HistoryCursor => ({ createdAt: call.createdAt, id: call.id });
