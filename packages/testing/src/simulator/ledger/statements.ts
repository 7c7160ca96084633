import type { BeforeAccept } from '@parley/server/src/store/calls.ts';
import { changes, liveCallsInTeam, wouldFind } from './changes.ts';
import { beginCommand, beginKnownCommand, dueCalls, lockDueCall, saveCall } from './commands.ts';
import { createCall, ringPeople } from './create.ts';
import { beat, renewLeases, touchInstance } from './life.ts';
import { callJson, LIVE, liveSeatsOf, peopleOf, TAKES_PART, talksIn } from './records.ts';
import { openRings, ringReady, ringsOfCall } from './rings.ts';
import { callOfRoom, endedRooms, inRoom, liveRooms, meshes, noteRoomToken, ownPart, stranded } from './rooms.ts';
import { holdCalls, otherSeats, untuned, whoTalks } from './seats.ts';
import { keyOf } from './tables.ts';
import { type Handler, SqlError, type Transaction } from './transaction.ts';
import { welcomes } from './welcome.ts';

const ids = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

const records = (tx: Transaction, callIds: readonly string[]) =>
  callIds.map((id) => ({ record: callJson(tx, id) })).filter(({ record }) => record !== null);

/** `parley.before_accept`: the slots of all people of the call are held before anything is counted. */
async function beforeAccept(tx: Transaction, callId: string, userId: string, skewMs: unknown): Promise<BeforeAccept> {
  const { slots, calls } = tx.ground.tables;
  const people = peopleOf(tx, callId).map((p) => p.userId);
  for (const person of people.sort()) {
    await tx.lock(slots, person, 'update');
    if (!tx.read(slots, person)) tx.write(slots, person, { inboxSeq: 0 });
  }
  await tx.step();
  const others = liveSeatsOf(tx, userId, tx.now(skewMs)).filter((id) => id !== callId).length;
  await tx.step();
  const call = tx.read(calls, callId);
  const callerTalks =
    call?.status === 'ringing' && talksIn(tx, call.initiatorId, tx.now(skewMs)).some((id) => id !== callId);
  return { others, callerTalks };
}

async function markRead(tx: Transaction, [userId, asked, skewMs]: readonly unknown[]) {
  const { notifications } = tx.ground.tables;
  const wanted = new Set(ids(asked));
  const rows = tx.scan(notifications, (n) => n.userId === userId && wanted.has(n.id) && n.readAt === null);
  const read = rows.map((row) => ({ ...row, readAt: Math.max(row.createdAt, tx.now(skewMs)) }));
  for (const row of read) {
    await tx.lock(notifications, row.id, 'no key update');
    tx.write(notifications, row.id, row);
  }
  return read;
}

async function beginCredentials(tx: Transaction, [call, user, lastMs, skewMs]: readonly unknown[]) {
  const { calls, preferences } = tx.ground.tables;
  await tx.lock(calls, String(call), 'no key update');
  const hidden = tx.read(preferences, String(user))?.hideAddress ?? null;
  return [{ expires_at: tx.now(skewMs) + Number(lastMs), hide_address: hidden }];
}

async function keepMembers(tx: Transaction, [teamId, , userIds]: readonly unknown[]) {
  const { members } = tx.ground.tables;
  const found: { user_id: string }[] = [];
  for (const userId of ids(userIds).toSorted()) {
    const key = keyOf(String(teamId), userId);
    if (!tx.read(members, key)) continue;
    await tx.lock(members, key, 'key share');
    found.push({ user_id: userId });
  }
  return found;
}

/** Teams and channels that the person of this transaction may see. */
function teamOfChannel(tx: Transaction, channelId: string) {
  const channel = tx.read(tx.ground.tables.channels, channelId);
  if (!channel || (tx.claims && !tx.read(tx.ground.tables.members, keyOf(channel.teamId, tx.claims.sub)))) return [];
  return [{ team_id: channel.teamId, found: 1 }];
}

async function insertMember(tx: Transaction, teamId: string, userId: string): Promise<[]> {
  tx.write(tx.ground.tables.members, keyOf(teamId, userId), { teamId, userId });
  return [];
}

/**
 * The statements of `packages/server/src/store`, each known by what no other has. What is not here throws: a statement that was
 * changed there is missed at once.
 */
const STATEMENTS: readonly (readonly [string, Handler])[] = [
  ['parley.begin_command(', async (tx, p) => [{ locked: await beginCommand(tx, p) }]],
  ['parley.begin_command_known(', async (tx, p) => [{ locked: await beginKnownCommand(tx, p) }]],
  ['parley.save_call(', async (tx, p) => [{ notifications: await saveCall(tx, p) }]],
  ['parley.lock_due_call(', async (tx, [except, skew]) => [{ locked: await lockDueCall(tx, ids(except), skew) }]],
  ['parley.create_call(', async (tx, p) => [{ answer: await createCall(tx, p) }]],
  [
    'parley.before_accept(',
    async (tx, [call, user, skew]) => [{ found: await beforeAccept(tx, String(call), String(user), skew) }],
  ],
  ['and s.id <> $2', async (tx, p) => otherSeats(tx, p)],
  ['where id = any ($1::uuid[]) order by id for no key update', (tx, [asked]) => holdCalls(tx, ids(asked))],
  ['where r.waiting <> r.busy', async (tx, [asked, skew]) => untuned(tx, asked === null ? null : ids(asked), skew)],
  ['select distinct p.user_id', async (tx, [asked, skew]) => whoTalks(tx, ids(asked), skew)],
  ['parley.call_json(id) as record from unnest', async (tx, [asked]) => records(tx, ids(asked))],
  ['select parley.call_json($1) as record', async (tx, [id]) => [{ record: callJson(tx, String(id)) }]],
  [
    'where s.channel_id = $1 and s.pair_low is null',
    async (tx, [channel]) => {
      const rows = tx.scan(tx.ground.tables.calls, (s) => s.channelId === channel && s.pairLow === null);
      const live = rows.filter(({ status }) => LIVE.has(status)).slice(-1);
      return records(
        tx,
        live.map(({ id }) => id),
      );
    },
  ],
  ['parley.welcomes(', (tx, [asked, skew]) => welcomes(tx, asked, skew)],
  [
    'parley.touch_instance(',
    async (tx, p) => {
      // The server's own statement and the tests' fixtures, which write a lease of half a minute into the text.
      await touchInstance(tx, p.length === 5 ? [p[0], p[1], p[2], null, p[3], p[4]] : [...p, null, 30_000, 0]);
      return [];
    },
  ],
  [
    'parley.renew_leases(',
    async (tx, [users, instances, ages, lease, skew]) => {
      const old = Array.isArray(ages) ? ages.map(Number) : [];
      return [{ renewed: await renewLeases(tx, ids(users), ids(instances), old, Number(lease), Number(skew)) }];
    },
  ],
  [
    'parley.beat(',
    async (tx, [gap, lease, skew]) => [{ gap: await beat(tx, Number(gap), Number(lease), Number(skew)) }],
  ],
  [
    'parley.open_rings(',
    async (tx, [user, device, skew]) => [{ rings: await openRings(tx, String(user), String(device), skew) }],
  ],
  ['parley.ring_ready(', async (tx, p) => [{ ready: await ringReady(tx, p) }]],
  [
    'parley.ring_people(',
    async (tx, [call, users, caller, until, skew]) => [
      { rings: await ringPeople(tx, String(call), ids(users), String(caller), Number(until), skew) },
    ],
  ],
  [
    'select parley.ring_json(r.ring_id) as ring',
    async (tx, [call, skew]) => ringsOfCall(tx, String(call), skew).map((ring) => ({ ring })),
  ],
  [
    'select s.id from public.call_sessions s cross join c where s.id = any',
    async (tx, [asked, skew]) => {
      const wanted = new Set(ids(asked));
      return dueCalls(tx, skew, (id) => wanted.has(id)).map((id) => ({ id }));
    },
  ],
  [
    'from public.call_participants mine',
    async (tx, [user, skew]) => {
      const own = tx.scan(tx.ground.tables.participants, (p) => p.userId === user && TAKES_PART.has(p.state));
      const wanted = new Set(own.map(({ callId }) => callId));
      return dueCalls(tx, skew, (id) => wanted.has(id)).map((id) => ({ id }));
    },
  ],
  ['update public.call_notifications set read_at', markRead],
  [
    'from public.call_notifications where call_session_id = $1',
    async (tx, [call]) => tx.scan(tx.ground.tables.notifications, (n) => n.callId === call),
  ],
  ['select parley.call_message($1)', async () => [{ message: null }]],
  [
    'select parley.events_json($1, $2)',
    async (tx, [call, after]) => {
      const log = callJson(tx, String(call)) === null ? [] : (tx.read(tx.ground.tables.events, String(call)) ?? []);
      return [{ events: log.filter(({ seq }) => seq > Number(after)) }];
    },
  ],
  ['where p.call_session_id = $1 and p.user_id = $2', async (tx, p) => ownPart(tx, p)],
  ['with noted as (', (tx, p) => noteRoomToken(tx, p)],
  ["where s.room_name = $1 and s.media_engine = 'livekit'", async (tx, p) => inRoom(tx, p)],
  ["where room_name = $1 and media_engine = 'livekit'", async (tx, p) => callOfRoom(tx, p)],
  ["where media_engine = 'livekit' and ended_at is null and id > $1", async (tx, p) => liveRooms(tx, p)],
  ["where media_engine = 'livekit' and ended_at is not null", async (tx, p) => endedRooms(tx, p)],
  ["where media_engine = 'p2p' and call_type in", async (tx, p) => meshes(tx, p)],
  ["where s.media_engine = 'livekit' and s.ended_at is null and s.id > $1", async (tx, p) => stranded(tx, p)],
  ["jsonb_build_object('callId', w.id, 'version', w.version)", async (tx, p) => [changes(tx, p)]],
  ['where s.pair_low = least($1::uuid, $2::uuid)', async (tx, p) => [{ found: wouldFind(tx, p) }]],
  ['and s.team_id = $2 and s.status in', async (tx, p) => liveCallsInTeam(tx, p)],
  ['set token_expires_at = greatest', async (tx, p) => beginCredentials(tx, p)],
  [
    'from parley.people where id = any',
    async (tx, [asked]) =>
      ids(asked).map((id) => ({ id, display_name: tx.read(tx.ground.tables.people, id)?.displayName ?? '' })),
  ],
  [
    'from public.team_members where team_id = $1 and user_id = $2 for share',
    async (tx, [team, user]) => {
      const { members } = tx.ground.tables;
      const key = keyOf(String(team), String(user));
      if (!tx.read(members, key)) return [];
      await tx.lock(members, key, 'share');
      return [{ found: 1 }];
    },
  ],
  ['for key share of m', keepMembers],
  [
    'from parley.channel_access where channel_id = $1 and user_id = $2',
    async (tx, [channel, user]) => {
      const teamId = tx.read(tx.ground.tables.channels, String(channel))?.teamId;
      return teamId && tx.read(tx.ground.tables.members, keyOf(teamId, String(user))) ? [{ found: 1 }] : [];
    },
  ],
  [
    'select team_id from public.call_sessions where id = $1',
    async (tx, [call]) => {
      const record = callJson(tx, String(call));
      return record ? [{ team_id: record.teamId }] : [];
    },
  ],
  ['select team_id from public.channels where id = $1', async (tx, [id]) => teamOfChannel(tx, String(id))],
  ['from public.channels where id = $1', async (tx, [id]) => teamOfChannel(tx, String(id))],
  [
    'select id as team_id from public.teams where id = $1',
    async (tx, [team]) => {
      const isMember = tx.claims && tx.read(tx.ground.tables.members, keyOf(String(team), tx.claims.sub));
      return isMember ? [{ team_id: team }] : [];
    },
  ],
  [
    'select user_id from public.team_members where team_id = $1',
    async (tx, [team]) =>
      tx.scan(tx.ground.tables.members, (m) => m.teamId === team).map((m) => ({ user_id: m.userId })),
  ],
  // What tests begin with.
  ['insert into auth.users (id, email)', async () => []],
  [
    'insert into public.profiles (id, display_name)',
    async (tx, [id, name]) => {
      tx.write(tx.ground.tables.people, String(id), { displayName: String(name) });
      return [];
    },
  ],
  [
    'insert into public.teams (id, name, created_by)',
    async (tx, [id, name]) => {
      tx.write(tx.ground.tables.teams, String(id), { name: String(name) });
      return [];
    },
  ],
  [
    'insert into public.team_members (team_id, user_id',
    async (tx, [team, user]) => insertMember(tx, String(team), String(user)),
  ],
  [
    'insert into public.channels (id, team_id, name)',
    async (tx, [id, team]) => {
      tx.write(tx.ground.tables.channels, String(id), { teamId: String(team) });
      return [];
    },
  ],
];

const known = new Map<string, Handler>();

export function statementOf(text: string): Handler {
  const found = known.get(text) ?? STATEMENTS.find(([mark]) => text.includes(mark))?.[1];
  if (!found) throw new SqlError('0A000', `The simulator's store does not know this statement: ${text}`);
  known.set(text, found);
  return found;
}
