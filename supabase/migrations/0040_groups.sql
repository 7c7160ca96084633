-- Groups.
--
-- What the machine keeps of them beside the call of two: who is host, whether the door is shut, rings that end one by one,
-- who was removed, whose hand is up, and which epoch of the media plan each seat has reported.
alter table public.call_sessions
  add column if not exists host_id uuid references auth.users (id) on delete restrict,
  add column if not exists locked boolean not null default false,
  add column if not exists began_as_pair boolean not null default false;
comment on column public.call_sessions.host_id is 'Who may mute, remove, lock and end; passes on when they leave. Null while guests are among themselves.';
comment on column public.call_sessions.locked is 'Nobody new comes in.';
comment on column public.call_sessions.began_as_pair is 'It stays a call of two until a third has been in it, whatever carries its media.';
create index if not exists call_sessions_host on public.call_sessions (host_id) where host_id is not null;
create index if not exists call_sessions_live_in_channel on public.call_sessions (channel_id)
  where pair_low is null and status in ('ringing', 'connecting', 'connected');

alter table public.call_participants
  add column if not exists is_guest boolean not null default false,
  add column if not exists barred boolean not null default false,
  add column if not exists hand_raised_at timestamptz,
  add column if not exists media_epoch integer check (media_epoch >= 1),
  add column if not exists ring_expires_at timestamptz;
comment on column public.call_participants.is_guest is 'Came by a link, and belongs to no team.';
comment on column public.call_participants.barred is 'Was removed by the host.';
comment on column public.call_participants.media_epoch is 'The newest epoch of the media plan that this seat has reported.';
comment on column public.call_participants.ring_expires_at is 'Unanswered at this instant, the person has missed it. Only while it rings for them.';
create index if not exists call_participants_ring_due on public.call_participants (ring_expires_at) where state = 'ringing';

-- Calls that live while the program is replaced.
update public.call_sessions set host_id = initiator_id where host_id is null;
update public.call_sessions set began_as_pair = true where pair_low is not null and not began_as_pair;
update public.call_participants p set ring_expires_at = s.ring_expires_at
from public.call_sessions s
where s.id = p.call_session_id and p.state = 'ringing' and s.status = 'ringing' and p.ring_expires_at is null;

-- Whoever is asked twice into one call can miss it twice.
alter table public.call_notifications drop constraint if exists call_notifications_once;
create index if not exists call_notifications_call on public.call_notifications (call_session_id, user_id);

alter table public.call_events drop constraint if exists call_events_type_check;
alter table public.call_events add constraint call_events_type_check check (
  type in (
    'created', 'accepted', 'declined', 'cancelled', 'timed_out', 'busy', 'media_connected', 'media_state', 'left',
    'dropped', 'ended', 'invited', 'admitted', 'removed', 'muted', 'locked', 'host', 'hand', 'media_plan'
  )
);

-- Who rings: the one who asked, not always the one who began the call.
alter table public.call_rings add column if not exists caller_id uuid references auth.users (id) on delete set null;
comment on column public.call_rings.caller_id is 'Who asked; null for whoever made the call.';
create index if not exists call_rings_caller on public.call_rings (caller_id) where caller_id is not null;

-- As in 0013_call_json.sql, with what groups have.
create or replace function parley.call_json(p_call uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object(
    'id', s.id,
    'teamId', s.team_id,
    'channelId', s.channel_id,
    'callType', s.call_type,
    'status', s.status,
    'initiatorId', s.initiator_id,
    'hostId', s.host_id,
    'locked', s.locked,
    'beganAsPair', s.began_as_pair,
    'roomName', s.room_name,
    'createdAt', parley.ms(s.created_at),
    'updatedAt', parley.ms(s.updated_at),
    'connectedAt', parley.ms(s.connected_at),
    'endedAt', parley.ms(s.ended_at),
    'endReason', s.end_reason,
    'ringExpiresAt', parley.ms(s.ring_expires_at),
    'connectExpiresAt', parley.ms(s.connect_expires_at),
    'mediaEngine', s.media_engine,
    'mediaEpoch', s.media_epoch,
    'membershipEpoch', s.membership_epoch,
    'version', s.version,
    'participants', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'userId', p.user_id,
        'displayName', coalesce(n.display_name, ''),
        'state', p.state,
        'joinedAt', parley.ms(p.joined_at),
        'leftAt', parley.ms(p.left_at),
        'isMuted', p.is_muted,
        'videoEnabled', p.video_enabled,
        'isGuest', p.is_guest,
        'barred', p.barred,
        'handRaisedAt', parley.ms(p.hand_raised_at),
        'mediaEpoch', p.media_epoch,
        'ringUntil', parley.ms(p.ring_expires_at),
        'deviceId', p.device_id,
        'instanceId', p.instance_id,
        'leaseExpiresAt', parley.ms(i.lease_expires_at)
      ) order by p.position), '[]'::jsonb)
      from public.call_participants p
      left join parley.names_in_call(p_call) n on n.user_id = p.user_id
      left join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
      where p.call_session_id = s.id
    )
  )
  from public.call_sessions s
  where s.id = p_call
$$;

create or replace function parley.ring_json(p_ring uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'userId', r.user_id,
    'deviceId', r.device_id,
    'callId', r.call_session_id,
    'ringId', r.ring_id,
    'callType', s.call_type,
    'callerId', coalesce(r.caller_id, s.initiator_id),
    'callerName', coalesce(n.display_name, ''),
    'teamId', s.team_id,
    'teamName', coalesce(t.name, ''),
    'expiresAt', parley.ms(r.expires_at)
  )
  from public.call_rings r
  join public.call_sessions s on s.id = r.call_session_id
  left join parley.people n on n.id = coalesce(r.caller_id, s.initiator_id)
  left join parley.team_names t on t.id = s.team_id
  where r.ring_id = p_ring
$$;

-- As in 0016_commands.sql. `participants` are those that changed: in a call of hundreds that is what an event costs.
create or replace function parley.save_call(p_call jsonb, p_events jsonb, p_notify jsonb, p_key jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_id uuid := (p_call ->> 'id')::uuid;
  v_updated timestamptz := parley.at((p_call ->> 'updatedAt')::bigint);
  v_notifications jsonb := '[]';
  v_one record;
begin
  if jsonb_array_length(p_events) > 0 then
    update public.call_sessions s set
      call_type = (p_call ->> 'callType')::public.call_type,
      status = (p_call ->> 'status')::public.call_status,
      host_id = (p_call ->> 'hostId')::uuid,
      locked = (p_call ->> 'locked')::boolean,
      -- It may leave its channel, and comes into none.
      channel_id = case when p_call ->> 'channelId' is not null then s.channel_id end,
      updated_at = v_updated,
      connected_at = parley.at((p_call ->> 'connectedAt')::bigint),
      ended_at = parley.at((p_call ->> 'endedAt')::bigint),
      end_reason = (p_call ->> 'endReason')::public.end_reason,
      duration_seconds = (p_call ->> 'durationSeconds')::integer,
      ring_expires_at = parley.at((p_call ->> 'ringExpiresAt')::bigint),
      connect_expires_at = parley.at((p_call ->> 'connectExpiresAt')::bigint),
      media_engine = (p_call ->> 'mediaEngine')::public.media_engine,
      media_epoch = (p_call ->> 'mediaEpoch')::integer,
      membership_epoch = (p_call ->> 'membershipEpoch')::integer,
      version = (p_call ->> 'version')::integer,
      pair_low = case when (p_call ->> 'callType') in ('audio', 'video') then s.pair_low end,
      pair_high = case when (p_call ->> 'callType') in ('audio', 'video') then s.pair_high end
    where s.id = v_id and s.version = (p_events -> 0 ->> 'seq')::integer - 1
      and (p_call ->> 'version')::integer = s.version + jsonb_array_length(p_events);
    if not found then
      raise exception 'call % has moved on: it was not locked', v_id using errcode = 'PA001';
    end if;

    insert into public.call_participants as q (
      call_session_id, user_id, position, state, joined_at, left_at, is_muted, video_enabled, device_id, instance_id,
      is_guest, barred, hand_raised_at, media_epoch, ring_expires_at
    )
    select v_id, p."userId", p."position", p.state, parley.at(p."joinedAt"), parley.at(p."leftAt"), p."isMuted",
      p."videoEnabled", p."deviceId", p."instanceId", p."isGuest", p.barred, parley.at(p."handRaisedAt"), p."mediaEpoch",
      parley.at(p."ringUntil")
    from jsonb_to_recordset(p_call -> 'participants') as p (
      "userId" uuid, "position" integer, state public.participant_state, "joinedAt" bigint, "leftAt" bigint,
      "isMuted" boolean, "videoEnabled" boolean, "deviceId" uuid, "instanceId" uuid, "isGuest" boolean, barred boolean,
      "handRaisedAt" bigint, "mediaEpoch" integer, "ringUntil" bigint
    )
    on conflict (call_session_id, user_id) do update set
      state = excluded.state, joined_at = excluded.joined_at, left_at = excluded.left_at, is_muted = excluded.is_muted,
      video_enabled = excluded.video_enabled, device_id = excluded.device_id, instance_id = excluded.instance_id,
      is_guest = excluded.is_guest, barred = excluded.barred, hand_raised_at = excluded.hand_raised_at,
      media_epoch = excluded.media_epoch, ring_expires_at = excluded.ring_expires_at
    where (
      q.state, q.joined_at, q.left_at, q.is_muted, q.video_enabled, q.device_id, q.instance_id, q.is_guest, q.barred,
      q.hand_raised_at, q.media_epoch, q.ring_expires_at
    ) is distinct from (
      excluded.state, excluded.joined_at, excluded.left_at, excluded.is_muted, excluded.video_enabled,
      excluded.device_id, excluded.instance_id, excluded.is_guest, excluded.barred, excluded.hand_raised_at,
      excluded.media_epoch, excluded.ring_expires_at
    );

    insert into public.call_events (call_session_id, seq, type, actor_id, device_id, instance_id, at, data)
    select v_id, e.seq, e.type, e."actorId", e."deviceId", e."instanceId", parley.at(e.at), e.data
    from jsonb_to_recordset(p_events) as e (
      seq integer, type text, "actorId" uuid, "deviceId" uuid, "instanceId" uuid, at bigint, data jsonb
    )
    order by e.seq;

    -- In the order of the ids, as everybody takes slots.
    for v_one in
      select n."userId" as user_id, n.type
      from jsonb_to_recordset(p_notify) as n ("userId" uuid, type public.notification_type)
      order by n."userId"
    loop
      v_notifications := v_notifications || parley.notify(v_one.user_id, v_id, v_one.type, v_updated);
    end loop;
  end if;

  if p_key is not null then
    insert into public.idempotency_keys (user_id, key, command, body_hash, call_id, created_at)
    values (
      (p_key ->> 'userId')::uuid, (p_key ->> 'key')::uuid, p_key ->> 'command', p_key ->> 'bodyHash', v_id,
      parley.at((p_key ->> 'at')::bigint)
    )
    on conflict do nothing;
    -- Another call's command with the same key was faster.
    if not found then
      raise exception 'the key was used for another command' using errcode = 'PA002';
    end if;
  end if;

  return v_notifications;
end
$$;

-- As in 0039_held_rows.sql; in a group rings end one by one.
create or replace function parley.lock_due_call(p_except uuid[], p_skew_ms bigint default 0) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_now timestamptz := parley.clock(p_skew_ms);
  v_call uuid;
begin
  select s.id into v_call from public.call_sessions s
  where s.status = 'ringing' and s.ring_expires_at <= v_now and s.id <> all (p_except)
  limit 1 for no key update skip locked;
  if v_call is null then
    select s.id into v_call
    from public.call_participants p join public.call_sessions s on s.id = p.call_session_id
    where p.state = 'ringing' and p.ring_expires_at <= v_now and s.status in ('ringing', 'connecting', 'connected')
      and s.id <> all (p_except)
    limit 1 for no key update of s skip locked;
  end if;
  if v_call is null then
    select s.id into v_call from public.call_sessions s
    where s.status = 'connecting' and s.connect_expires_at <= v_now and s.id <> all (p_except)
    limit 1 for no key update skip locked;
  end if;
  if v_call is null then
    select s.id into v_call
    from public.call_participants p
    join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
    join public.call_sessions s on s.id = p.call_session_id
    where p.state in ('connecting', 'joined') and i.lease_expires_at <= v_now and s.id <> all (p_except)
    limit 1 for no key update of s skip locked;
  end if;
  if v_call is null then
    return null;
  end if;
  return jsonb_build_object('now', parley.ms(parley.clock(p_skew_ms)), 'record', parley.call_json(v_call), 'repeat', 'no');
end
$$;

-- As in 0017_rings.sql: it rings for a person, whatever the call is for others by then.
create or replace function parley.open_rings(p_user uuid, p_device uuid, p_skew_ms bigint default 0) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_now timestamptz := parley.clock(p_skew_ms);
  v_rings jsonb;
begin
  insert into public.call_rings (call_session_id, user_id, device_id, created_at, expires_at, caller_id)
  select s.id, p_user, p_device, v_now, coalesce(p.ring_expires_at, s.ring_expires_at), (
    select o.caller_id from public.call_rings o
    where o.call_session_id = s.id and o.user_id = p_user order by o.created_at desc limit 1
  )
  from public.call_participants p
  join public.call_sessions s on s.id = p.call_session_id
  where p.user_id = p_user and p.state = 'ringing' and s.status in ('ringing', 'connecting', 'connected')
    and coalesce(p.ring_expires_at, s.ring_expires_at) > v_now
    and exists (select from public.devices d where d.user_id = p_user and d.id = p_device)
  on conflict do nothing;

  select coalesce(jsonb_agg(parley.ring_json(r.ring_id) order by r.created_at), '[]') into v_rings
  from public.call_rings r
  join public.call_sessions s on s.id = r.call_session_id
  join public.call_participants p on p.call_session_id = s.id and p.user_id = r.user_id
  where r.user_id = p_user and r.device_id = p_device
    and p.state = 'ringing' and s.status in ('ringing', 'connecting', 'connected') and r.expires_at > v_now;
  return v_rings;
end
$$;

create or replace function parley.ring_ready(
  p_call uuid, p_ring uuid, p_user uuid, p_device uuid, p_instance uuid, p_skew_ms bigint default 0
) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  v_now timestamptz := parley.clock(p_skew_ms);
begin
  update public.call_rings r
  set ready_at = coalesce(r.ready_at, v_now), ready_instance_id = p_instance
  from public.call_sessions s join public.call_participants p on p.call_session_id = s.id
  where r.ring_id = p_ring and r.call_session_id = p_call and r.user_id = p_user and r.device_id = p_device
    and s.id = p_call and p.user_id = p_user and p.state = 'ringing' and s.status in ('ringing', 'connecting', 'connected')
    and coalesce(p.ring_expires_at, s.ring_expires_at) > v_now;
  return found;
end
$$;

-- Rings further people, or the same again: their devices get new rings.
create or replace function parley.ring_people(
  p_call uuid, p_users uuid[], p_caller uuid, p_expires bigint, p_skew_ms bigint default 0
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_now timestamptz := parley.clock(p_skew_ms);
  v_rings jsonb;
begin
  with rung as (
    insert into public.call_rings (call_session_id, user_id, device_id, created_at, expires_at, caller_id)
    select p_call, d.user_id, d.id, v_now, parley.at(p_expires), p_caller
    from unnest(p_users) r
    cross join lateral (
      select d.user_id, d.id from public.devices d
      where d.user_id = r and d.last_seen_at > v_now - interval '30 days'
      order by d.last_seen_at desc limit 20
    ) d
    on conflict (call_session_id, user_id, device_id) do update set
      ring_id = gen_random_uuid(), created_at = excluded.created_at, expires_at = excluded.expires_at,
      caller_id = excluded.caller_id, ready_at = null, ready_instance_id = null
    returning ring_id
  )
  select coalesce(jsonb_agg(g.ring_id), '[]') into v_rings from rung g;
  return (select coalesce(jsonb_agg(parley.ring_json(g::uuid)), '[]') from jsonb_array_elements_text(v_rings) g);
end
$$;
comment on function parley.ring_people(uuid, uuid[], uuid, bigint, bigint) is 'Makes the rings of people who are asked into a call.';
revoke all on function parley.ring_people(uuid, uuid[], uuid, bigint, bigint) from public, anon, authenticated;
grant execute on function parley.ring_people(uuid, uuid[], uuid, bigint, bigint) to service_role;
