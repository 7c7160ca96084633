import type { Channel } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

interface ChannelRow {
  id: string;
  team_id: string;
  name: string;
  kind: 'channel' | 'direct';
  direct_low: string | null;
  direct_high: string | null;
}

const COLUMNS = 'id, team_id, name, kind, direct_low, direct_high';

const toChannel = (row: ChannelRow): Channel => ({
  id: row.id,
  teamId: row.team_id,
  name: row.name,
  kind: row.kind,
  memberIds: row.direct_low === null || row.direct_high === null ? [] : [row.direct_low, row.direct_high],
});

/** Channels of a team that whoever asks may see, by name, the direct ones last. */
export async function findChannels(sql: Sql, teamId: string): Promise<Channel[]> {
  const rows = await sql.query<ChannelRow>(
    `select ${COLUMNS} from public.channels where team_id = $1 order by kind, lower(name), id`,
    [teamId],
  );
  return rows.map(toChannel);
}

/** Whether whoever asks may see the channel. */
export async function seesChannel(sql: Sql, channelId: string): Promise<boolean> {
  return (await sql.query('select 1 as found from public.channels where id = $1', [channelId])).length > 0;
}

/** Whether the person may write in the channel; asked as the server. */
export async function hasAccess(sql: Sql, channelId: string, userId: string): Promise<boolean> {
  const rows = await sql.query('select 1 as found from parley.channel_access where channel_id = $1 and user_id = $2', [
    channelId,
    userId,
  ]);
  return rows.length > 0;
}

export async function insertChannel(sql: Sql, teamId: string, name: string, creatorId: string): Promise<Channel> {
  const [row] = await sql.query<ChannelRow>(
    `insert into public.channels (team_id, kind, name, created_by) values ($1, 'channel', $2, $3) returning ${COLUMNS}`,
    [teamId, name, creatorId],
  );
  if (row === undefined) throw new Error('An insert gave no row.');
  return toChannel(row);
}

/** The direct channel of two people, made where there is none. */
export async function ensureDirect(
  sql: Sql,
  teamId: string,
  creatorId: string,
  otherId: string,
): Promise<{ channel: Channel; made: boolean }> {
  const pair = [creatorId, otherId].sort();
  const [made] = await sql.query<ChannelRow>(
    `insert into public.channels (team_id, kind, direct_low, direct_high, created_by) values ($1, 'direct', $2, $3, $4)
     on conflict (team_id, direct_low, direct_high) where kind = 'direct' do nothing
     returning ${COLUMNS}`,
    [teamId, ...pair, creatorId],
  );
  if (made !== undefined) return { channel: toChannel(made), made: true };
  const [found] = await sql.query<ChannelRow>(
    `select ${COLUMNS} from public.channels
      where team_id = $1 and kind = 'direct' and direct_low = $2 and direct_high = $3`,
    [teamId, ...pair],
  );
  if (found === undefined) throw new Error('The direct channel went away while it was looked for.');
  return { channel: toChannel(found), made: false };
}
