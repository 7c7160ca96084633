-- Waiting calls. Somebody who is in a call is rung quietly, and the caller is told; whoever turns to another call keeps the
-- seat in the first one, on hold. See docs/decisions/0048.
alter table public.call_participants
  add column if not exists waiting boolean not null default false,
  add column if not exists on_hold boolean not null default false;
comment on column public.call_participants.waiting is 'It rings quietly: the person is in another call.';
comment on column public.call_participants.on_hold is 'The person talks in another call, and comes back to this one.';
create index if not exists call_participants_ringing on public.call_participants (user_id) where state = 'ringing';

alter table public.call_events drop constraint if exists call_events_type_check;
alter table public.call_events add constraint call_events_type_check check (
  type in (
    'created', 'accepted', 'declined', 'cancelled', 'timed_out', 'busy', 'media_connected', 'media_state', 'left',
    'dropped', 'ended', 'invited', 'admitted', 'removed', 'muted', 'locked', 'host', 'hand', 'media_plan', 'waiting',
    'hold', 'moved'
  )
);

-- While one of two is on hold before media came, none is awaited.
alter table public.call_sessions drop constraint if exists call_sessions_connect;
alter table public.call_sessions add constraint call_sessions_connect check (
  connect_expires_at is null or status = 'connecting'
);
comment on column public.call_sessions.connect_expires_at is
  'Without media on both sides at this instant, the call has failed. Only while it connects; null also while one of two is on hold.';

-- As in 0040_groups.sql, with `waiting` and `on_hold`.
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
        'waiting', p.waiting,
        'onHold', p.on_hold,
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

-- As in 0040_groups.sql, with `waiting` and `on_hold`.
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
      is_guest, barred, hand_raised_at, media_epoch, ring_expires_at, waiting, on_hold
    )
    select v_id, p."userId", p."position", p.state, parley.at(p."joinedAt"), parley.at(p."leftAt"), p."isMuted",
      p."videoEnabled", p."deviceId", p."instanceId", p."isGuest", p.barred, parley.at(p."handRaisedAt"), p."mediaEpoch",
      parley.at(p."ringUntil"), p.waiting, p."onHold"
    from jsonb_to_recordset(p_call -> 'participants') as p (
      "userId" uuid, "position" integer, state public.participant_state, "joinedAt" bigint, "leftAt" bigint,
      "isMuted" boolean, "videoEnabled" boolean, "deviceId" uuid, "instanceId" uuid, "isGuest" boolean, barred boolean,
      "handRaisedAt" bigint, "mediaEpoch" integer, "ringUntil" bigint, waiting boolean, "onHold" boolean
    )
    on conflict (call_session_id, user_id) do update set
      state = excluded.state, joined_at = excluded.joined_at, left_at = excluded.left_at, is_muted = excluded.is_muted,
      video_enabled = excluded.video_enabled, device_id = excluded.device_id, instance_id = excluded.instance_id,
      is_guest = excluded.is_guest, barred = excluded.barred, hand_raised_at = excluded.hand_raised_at,
      media_epoch = excluded.media_epoch, ring_expires_at = excluded.ring_expires_at, waiting = excluded.waiting,
      on_hold = excluded.on_hold
    where (
      q.state, q.joined_at, q.left_at, q.is_muted, q.video_enabled, q.device_id, q.instance_id, q.is_guest, q.barred,
      q.hand_raised_at, q.media_epoch, q.ring_expires_at, q.waiting, q.on_hold
    ) is distinct from (
      excluded.state, excluded.joined_at, excluded.left_at, excluded.is_muted, excluded.video_enabled,
      excluded.device_id, excluded.instance_id, excluded.is_guest, excluded.barred, excluded.hand_raised_at,
      excluded.media_epoch, excluded.ring_expires_at, excluded.waiting, excluded.on_hold
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

-- As in 0041_create_group.sql: whoever is in a call is rung quietly instead of turned away.
create or replace function parley.create_call(
  p_user uuid, p_device uuid, p_instance uuid, p_platform text,
  p_key uuid, p_body_hash text,
  p_call uuid, p_room_name text,
  p_team uuid, p_channel uuid, p_call_type public.call_type, p_recipients uuid[],
  p_engine public.media_engine, p_ring_timeout_ms integer, p_lease_ms integer, p_max_live_calls integer,
  p_skew_ms bigint default 0
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_now timestamptz;
  v_is_group boolean := p_call_type in ('group_audio', 'group_video');
  v_code text;
  v_people uuid[];
  v_low uuid;
  v_high uuid;
  v_key public.idempotency_keys;
  v_found public.call_sessions;
  v_busy boolean := false;
  -- Recipients who are in another call: it rings quietly for them.
  v_waiting uuid[];
  -- Live calls in which the caller sits besides.
  v_others integer;
  -- Rings nobody: it runs from its beginning.
  v_open boolean := p_call_type in ('group_audio', 'group_video') and cardinality(p_recipients) = 0;
  v_ring_expires timestamptz;
  v_rings jsonb := '[]';
  v_notifications jsonb := '[]';
begin
  v_code := case
    when p_user = any (p_recipients) then 'recipient_is_self'
    when (select count(*) <> count(distinct r) from unnest(p_recipients) r) then 'recipients_repeated'
    when not v_is_group and cardinality(p_recipients) = 0 then 'recipients_missing'
    when not v_is_group and cardinality(p_recipients) > 1 then 'recipients_too_many'
  end;
  if v_code is not null then
    return jsonb_build_object('outcome', 'refused', 'code', v_code);
  end if;

  -- People first, in the order of their ids: whoever else wants one of them for a new call waits here. A stranger's
  -- slot is not touched, so that nobody can hold up somebody of another team.
  select array_agg(distinct m.user_id) into v_people
  from public.team_members m
  where m.team_id = p_team and (m.user_id = p_user or m.user_id = any (p_recipients));
  v_people := coalesce(v_people, '{}');
  insert into public.call_slots (user_id)
  select person from unnest(v_people) person order by person
  on conflict do nothing;
  perform from public.call_slots s where s.user_id = any (v_people) order by s.user_id for update;

  v_now := parley.clock(p_skew_ms);

  -- A repetition is answered from what is written, whatever has changed since.
  select k.* into v_key from public.idempotency_keys k where k.user_id = p_user and k.key = p_key;
  if found then
    if v_key.command <> 'create' or v_key.body_hash <> p_body_hash then
      return jsonb_build_object('outcome', 'refused', 'code', 'idempotency_key_reused');
    end if;
    return jsonb_build_object('outcome', 'repeated', 'now', parley.ms(v_now), 'record', parley.call_json(v_key.call_id));
  end if;

  if not p_user = any (v_people) then
    return jsonb_build_object('outcome', 'refused', 'code', 'not_found');
  end if;
  if p_channel is not null and not exists (
    select from parley.channel_access a where a.channel_id = p_channel and a.team_id = p_team and a.user_id = p_user
  ) then
    return jsonb_build_object('outcome', 'refused', 'code', 'not_found');
  end if;
  -- In a direct channel the team is its two people.
  if cardinality(v_people) <> cardinality(p_recipients) + 1 or (p_channel is not null and exists (
    select from unnest(p_recipients) r where not exists (
      select from parley.channel_access a where a.channel_id = p_channel and a.team_id = p_team and a.user_id = r
    )
  )) then
    return jsonb_build_object('outcome', 'refused', 'code', 'recipient_not_in_team');
  end if;

  -- A channel has one call at a time: whoever would begin another comes into it. Creates in a channel stand in a line.
  if v_is_group and p_channel is not null then
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('parley channel ' || p_channel::text, 0));
    v_now := parley.clock(p_skew_ms);
    select s.* into v_found from public.call_sessions s
    where s.channel_id = p_channel and s.pair_low is null and s.status in ('ringing', 'connecting', 'connected')
    order by s.created_at desc limit 1;
    if found then
      if coalesce(v_found.ring_expires_at, v_found.connect_expires_at) <= v_now or exists (
        select from public.call_participants p
        join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
        where p.call_session_id = v_found.id and p.state in ('connecting', 'joined') and i.lease_expires_at <= v_now
      ) or exists (
        select from public.call_participants p
        where p.call_session_id = v_found.id and p.state = 'ringing' and p.ring_expires_at <= v_now
      ) then
        return jsonb_build_object('outcome', 'stale', 'now', parley.ms(v_now), 'callId', v_found.id);
      end if;
      perform parley.touch_instance(p_user, p_device, p_instance, p_platform, p_lease_ms, p_skew_ms);
      -- The accept writes the key itself.
      return jsonb_build_object('outcome', 'exists', 'now', parley.ms(v_now), 'glare', true, 'record', parley.call_json(v_found.id));
    end if;
  end if;

  if not v_is_group then
    v_low := least(p_user, p_recipients[1]);
    v_high := greatest(p_user, p_recipients[1]);
    select s.* into v_found from public.call_sessions s
    where s.pair_low = v_low and s.pair_high = v_high and s.status in ('ringing', 'connecting', 'connected');
    if found then
      if coalesce(v_found.ring_expires_at, v_found.connect_expires_at) <= v_now or exists (
        select from public.call_participants p
        join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
        where p.call_session_id = v_found.id and p.state in ('connecting', 'joined') and i.lease_expires_at <= v_now
      ) or exists (
        select from public.call_participants p
        where p.call_session_id = v_found.id and p.state = 'ringing' and p.ring_expires_at <= v_now
      ) then
        return jsonb_build_object('outcome', 'stale', 'now', parley.ms(v_now), 'callId', v_found.id);
      end if;
      perform parley.touch_instance(p_user, p_device, p_instance, p_platform, p_lease_ms, p_skew_ms);
      -- The accept that glare asks for writes the key itself.
      if not (v_found.status = 'ringing' and v_found.initiator_id <> p_user) then
        insert into public.idempotency_keys (user_id, key, command, body_hash, call_id, created_at)
        values (p_user, p_key, 'create', p_body_hash, v_found.id, v_now);
      end if;
      return jsonb_build_object(
        'outcome', 'exists',
        'now', parley.ms(v_now),
        'glare', v_found.status = 'ringing' and v_found.initiator_id <> p_user,
        'record', parley.call_json(v_found.id)
      );
    end if;
  end if;

  -- Seats whose lease has run out, and calls past their deadline, hold nobody up: the sweeper has not come by yet.
  select count(*) into v_others
  from public.call_participants p
  join public.call_sessions s on s.id = p.call_session_id
  join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
  where p.user_id = p_user and p.state in ('connecting', 'joined') and i.lease_expires_at > v_now
    and s.status in ('ringing', 'connecting', 'connected')
    and coalesce(s.ring_expires_at, s.connect_expires_at, 'infinity') > v_now;
  if v_others >= p_max_live_calls then
    return jsonb_build_object('outcome', 'refused', 'code', 'too_many_live_calls');
  end if;

  select coalesce(array_agg(distinct p.user_id), '{}') into v_waiting
  from public.call_participants p
  join public.call_sessions s on s.id = p.call_session_id
  join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
  where p.user_id = any (p_recipients) and p.state in ('connecting', 'joined') and i.lease_expires_at > v_now
    and s.status in ('ringing', 'connecting', 'connected')
    and coalesce(s.ring_expires_at, s.connect_expires_at, 'infinity') > v_now;
  -- One call waits for a person; whoever comes after it finds them busy. A ring that nobody hears any more, or whose
  -- caller is gone, holds nobody up.
  v_busy := not v_is_group and cardinality(v_waiting) > 0 and exists (
    select
    from public.call_participants p
    join public.call_sessions s on s.id = p.call_session_id
    where p.user_id = p_recipients[1] and p.state = 'ringing' and p.waiting
      and s.status in ('ringing', 'connecting', 'connected') and p.ring_expires_at > v_now
      and exists (
        select
        from public.call_participants c
        join public.device_instances i on i.user_id = c.user_id and i.id = c.instance_id
        where c.call_session_id = s.id and c.state in ('connecting', 'joined') and i.lease_expires_at > v_now
      )
  );
  v_ring_expires := v_now + p_ring_timeout_ms * interval '1 millisecond';

  perform parley.touch_instance(p_user, p_device, p_instance, p_platform, p_lease_ms, p_skew_ms);

  insert into public.call_sessions (
    id, team_id, channel_id, call_type, status, initiator_id, room_name, created_at, updated_at, ring_expires_at,
    connected_at, ended_at, end_reason, media_engine, membership_epoch, version, pair_low, pair_high, host_id,
    began_as_pair
  ) values (
    p_call, p_team, p_channel, p_call_type,
    case when v_busy then 'rejected' when v_open then 'connected' else 'ringing' end::public.call_status,
    p_user, p_room_name, v_now, v_now,
    case when not v_busy and not v_open then v_ring_expires end,
    case when v_open then v_now end,
    case when v_busy then v_now end,
    case when v_busy then 'busy' end::public.end_reason,
    p_engine,
    case when v_busy then 2 else 1 end,
    case when v_busy or cardinality(v_waiting) > 0 then 2 else 1 end,
    v_low, v_high, p_user, not v_is_group
  );

  insert into public.call_participants (
    call_session_id, user_id, position, state, left_at, is_muted, video_enabled, device_id, instance_id
  ) values (
    p_call, p_user, 0,
    case when v_busy then 'left' else 'connecting' end::public.participant_state,
    case when v_busy then v_now end,
    false, p_call_type in ('video', 'group_video'),
    case when not v_busy then p_device end,
    case when not v_busy then p_instance end
  );
  insert into public.call_participants (
    call_session_id, user_id, position, state, is_muted, video_enabled, ring_expires_at, waiting
  )
  select p_call, r.user_id, r.position, case when v_busy then 'busy' else 'ringing' end::public.participant_state, false, false,
    case when not v_busy then v_ring_expires end, not v_busy and r.user_id = any (v_waiting)
  from unnest(p_recipients) with ordinality as r (user_id, position);

  insert into public.call_events (call_session_id, seq, type, actor_id, device_id, instance_id, at, data)
  values (p_call, 1, 'created', p_user, p_device, p_instance, v_now, jsonb_build_object(
    'teamId', p_team, 'channelId', p_channel, 'callType', p_call_type, 'recipientIds', to_jsonb(p_recipients),
    'ringTimeoutMs', p_ring_timeout_ms, 'engine', p_engine
  ));

  if v_busy then
    insert into public.call_events (call_session_id, seq, type, at, data)
    values (p_call, 2, 'busy', v_now, jsonb_build_object('userId', p_recipients[1]));
    v_notifications := jsonb_build_array(
      parley.notify(p_user, p_call, 'rejected', v_now), parley.notify(p_recipients[1], p_call, 'missed', v_now)
    );
  else
    if cardinality(v_waiting) > 0 then
      insert into public.call_events (call_session_id, seq, type, at, data)
      values (p_call, 2, 'waiting', v_now, jsonb_build_object('userIds', to_jsonb(v_waiting), 'waiting', true));
    end if;
    -- A device that nobody has used for a month rings no more; twenty of one person are enough.
    with rung as (
      insert into public.call_rings (call_session_id, user_id, device_id, created_at, expires_at)
      select p_call, d.user_id, d.id, v_now, v_ring_expires
      from unnest(p_recipients) r
      cross join lateral (
        select d.user_id, d.id from public.devices d
        where d.user_id = r and d.last_seen_at > v_now - interval '30 days'
        order by d.last_seen_at desc limit 20
      ) d
      returning ring_id, user_id, device_id
    )
    select coalesce(jsonb_agg(jsonb_build_object('ringId', g.ring_id, 'userId', g.user_id, 'deviceId', g.device_id)), '[]')
    into v_rings from rung g;
  end if;

  insert into public.idempotency_keys (user_id, key, command, body_hash, call_id, created_at)
  values (p_user, p_key, 'create', p_body_hash, p_call, v_now);

  return jsonb_build_object(
    'outcome', 'created',
    'now', parley.ms(v_now),
    'record', parley.call_json(p_call),
    'events', parley.events_json(p_call, 0),
    'rings', (select coalesce(jsonb_agg(parley.ring_json((g ->> 'ringId')::uuid)), '[]') from jsonb_array_elements(v_rings) g),
    'notifications', v_notifications,
    'others', v_others
  );
end
$$;
