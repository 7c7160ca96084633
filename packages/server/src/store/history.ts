import type { HistoryFilter } from '@parley/protocol';
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

/** As in the indexes of `0025_missed_calls.sql`: the planner takes them for the same condition alone. */
const FILTERS: Readonly<Record<HistoryFilter, string>> = {
  missed: "s.initiator_id <> $1 and (s.status = 'missed' or s.end_reason = 'busy')",
  incoming: 's.initiator_id <> $1',
  outgoing: 's.initiator_id = $1',
};

/** A group may have gone on without whoever missed it, and has not been missed by those who were not asked. */
const GROUP_MISSED = `exists (
  select from public.call_participants p where p.call_session_id = s.id and p.user_id = $1 and p.state = 'missed'
)`;

export interface HistoryPage {
  /** Null for all of the person's own teams. */
  readonly teamId: string | null;
  /** Null for all calls. */
  readonly only: HistoryFilter | null;
  /** Calls of two with that person; null: with anybody, and of groups. */
  readonly with: string | null;
  /** Null for the newest. */
  readonly before: HistoryCursor | null;
  readonly limit: number;
}

/**
 * Calls of a team (null: of all one's own teams) that whoever asks may see, newest first, those older than `before`. Each
 * branch walks an index of its own (one's calls from either side, the team's group calls), so that a page costs the same
 * however long the history is; row-level security has the last word in each.
 */
export async function findHistory(
  sql: Sql,
  userId: string,
  { teamId, only, with: other, before, limit }: HistoryPage,
): Promise<StoredCall[]> {
  const inTeam = teamId === null ? IN_OWN_TEAMS : IN_TEAM;
  const filter = only === null ? 'true' : FILTERS[only];
  const inGroups = only === 'missed' ? GROUP_MISSED : filter;
  const branch = (condition: string, filter: string) => `(
    select s.id, s.created_at from public.call_sessions s
    where ${condition} and ${inTeam} and ${filter} and ($3::bigint is null or (s.created_at, s.id) < (parley.at($3), $4::uuid))
    order by s.created_at desc, s.id desc limit $5)`;
  const own =
    other === null
      ? ['s.pair_low = $1', 's.pair_high = $1']
      : ['s.pair_low = $1 and s.pair_high = $6', 's.pair_high = $1 and s.pair_low = $6'];
  const branches = own.map((condition) => branch(condition, filter));
  if (other === null) branches.push(branch('s.pair_low is null', inGroups));
  const rows = await sql.query<{ record: CallRecord | null }>(
    `select parley.call_json(h.id) as record from (
       ${branches.join(' union all ')}
       order by created_at desc, id desc limit $5
     ) h order by h.created_at desc, h.id desc`,
    [userId, teamId, before?.createdAt ?? null, before?.id ?? null, limit, ...(other === null ? [] : [other])],
  );
  return rows.flatMap(({ record }) => (record ? [toStoredCall(record)] : []));
}

/** The cursor after this call. */
export const cursorAfter = ({ call }: StoredCall): HistoryCursor => ({ createdAt: call.createdAt, id: call.id });
