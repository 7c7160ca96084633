import type { Sql } from '../ports/database.ts';

export interface CallChange {
  readonly callId: string;
  /** Of the newest event within the time that was asked for. */
  readonly version: number;
}

export interface Changes {
  /** Of the database, in milliseconds since the epoch: what is asked for next begins here. */
  readonly now: number;
  readonly calls: readonly CallChange[];
}

/**
 * Calls with events since `since` (null: none, only what time it is), but for those of the last `settledMs`: whoever wrote them is just
 * telling everybody. Asked as the server.
 */
export async function findChanges(
  sql: Sql,
  wanted: {
    readonly since: number | null;
    readonly settledMs: number;
    readonly limit: number;
    readonly skewMs: number;
  },
): Promise<Changes> {
  const [row] = await sql.query<{ now: number; calls: CallChange[] }>(
    `with c as materialized (select parley.clock($4) as now)
     select parley.ms(c.now) as now, coalesce((
       select jsonb_agg(jsonb_build_object('callId', w.id, 'version', w.version) order by w.last desc, w.id) from (
         select e.call_session_id as id, max(e.seq) as version, max(e.at) as last
           from public.call_events e
          where e.at > parley.at($1) and e.at <= c.now - $2 * interval '1 millisecond'
          group by e.call_session_id order by max(e.at) desc, e.call_session_id limit $3
       ) w
     ), '[]') as calls from c`,
    [wanted.since, wanted.settledMs, wanted.limit, wanted.skewMs],
  );
  if (row === undefined) throw new Error('the database does not say what time it is');
  return row;
}

/** Names this installation, the same for all its nodes. Asked as the server. */
export async function findInstallation(sql: Sql): Promise<string> {
  await sql.query(
    `insert into public.server_heartbeat (only_row, at) values (true, '-infinity') on conflict (only_row) do nothing`,
  );
  const [row] = await sql.query<{ installation: string }>('select installation from public.server_heartbeat');
  if (row === undefined) throw new Error('the installation has no name');
  return row.installation;
}
