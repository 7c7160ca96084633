-- As in 0015_create_call.sql, with groups: a channel has one call at a time, and a group that rings nobody runs from its
-- beginning.
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
  if (
    select count(*)
    from public.call_participants p
    join public.call_sessions s on s.id = p.call_session_id
    join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
    where p.user_id = p_user and p.state in ('connecting', 'joined') and i.lease_expires_at > v_now
      and s.status in ('ringing', 'connecting', 'connected')
      and coalesce(s.ring_expires_at, s.connect_expires_at, 'infinity') > v_now
  ) >= p_max_live_calls then
    return jsonb_build_object('outcome', 'refused', 'code', 'too_many_live_calls');
  end if;

  v_busy := not v_is_group and exists (
    select
    from public.call_participants p
    join public.call_sessions s on s.id = p.call_session_id
    join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
    where p.user_id = p_recipients[1] and p.state in ('connecting', 'joined') and i.lease_expires_at > v_now
      and s.status in ('ringing', 'connecting', 'connected')
      and coalesce(s.ring_expires_at, s.connect_expires_at, 'infinity') > v_now
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
    case when v_busy then 2 else 1 end,
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
  insert into public.call_participants (call_session_id, user_id, position, state, is_muted, video_enabled, ring_expires_at)
  select p_call, r.user_id, r.position, case when v_busy then 'busy' else 'ringing' end::public.participant_state, false, false,
    case when not v_busy then v_ring_expires end
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
    'notifications', v_notifications
  );
end
$$;
