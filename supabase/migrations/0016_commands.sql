-- Takes a call for one command: its row lock is the order of events. In one round trip: lock, look the key up, read the
-- call, and take the command as a sign of life of the instance that sent it. Each statement of a function sees what was
-- committed before it began, so that the people read here are those of the row that was waited for; a single query
-- that locks one table and joins another would see old people.
--
-- The leases in `record` are those before the sign of life: whoever comes back after the lease has dropped.
create or replace function parley.begin_command(
  p_call uuid, p_user uuid, p_key uuid, p_command text, p_body_hash text,
  p_device uuid, p_instance uuid, p_platform text, p_lease_ms integer, p_skew_ms bigint default 0
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_now timestamptz;
  v_key public.idempotency_keys;
  v_repeat text := 'no';
  v_record jsonb;
begin
  perform from public.call_sessions s where s.id = p_call for update;
  if not found then
    return null;
  end if;
  v_now := parley.clock(p_skew_ms);
  v_record := parley.call_json(p_call);
  if p_key is not null then
    select k.* into v_key from public.idempotency_keys k where k.user_id = p_user and k.key = p_key;
    if found then
      v_repeat := case
        when v_key.call_id = p_call and v_key.command = p_command and v_key.body_hash = p_body_hash then 'same'
        else 'reused'
      end;
    end if;
  end if;
  if p_user is not null and p_device is not null and v_repeat <> 'reused' then
    perform parley.touch_instance(p_user, p_device, coalesce(p_instance, p_device), p_platform, p_lease_ms, p_skew_ms);
  end if;
  return jsonb_build_object('now', parley.ms(v_now), 'record', v_record, 'repeat', v_repeat);
end
$$;
comment on function parley.begin_command(uuid, uuid, uuid, text, text, uuid, uuid, text, integer, bigint) is
  'Locks a call and reads it; null when there is none.';

-- Writes what the machine made of a call that this transaction holds: its rows, its new events, the inbox, the key.
-- Nothing here decides anything; constraints refuse what no machine could have made.
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
      call_session_id, user_id, position, state, joined_at, left_at, is_muted, video_enabled, device_id, instance_id
    )
    select v_id, p."userId", p."position", p.state, parley.at(p."joinedAt"), parley.at(p."leftAt"), p."isMuted",
      p."videoEnabled", p."deviceId", p."instanceId"
    from jsonb_to_recordset(p_call -> 'participants') as p (
      "userId" uuid, "position" integer, state public.participant_state, "joinedAt" bigint, "leftAt" bigint,
      "isMuted" boolean, "videoEnabled" boolean, "deviceId" uuid, "instanceId" uuid
    )
    on conflict (call_session_id, user_id) do update set
      state = excluded.state, joined_at = excluded.joined_at, left_at = excluded.left_at, is_muted = excluded.is_muted,
      video_enabled = excluded.video_enabled, device_id = excluded.device_id, instance_id = excluded.instance_id
    where (q.state, q.joined_at, q.left_at, q.is_muted, q.video_enabled, q.device_id, q.instance_id) is distinct from (
      excluded.state, excluded.joined_at, excluded.left_at, excluded.is_muted, excluded.video_enabled,
      excluded.device_id, excluded.instance_id
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
comment on function parley.save_call(jsonb, jsonb, jsonb, jsonb) is 'Writes a call after its transitions; returns the new inbox entries.';

-- Takes one call that something is due in: a deadline has passed, or the lease of somebody who sits there. Calls that
-- another server holds at this moment are passed over: whoever holds one looks at its deadlines too.
create or replace function parley.lock_due_call(p_except uuid[], p_skew_ms bigint default 0) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_now timestamptz := parley.clock(p_skew_ms);
  v_call uuid;
begin
  select s.id into v_call from public.call_sessions s
  where s.status = 'ringing' and s.ring_expires_at <= v_now and s.id <> all (p_except)
  limit 1 for update skip locked;
  if v_call is null then
    select s.id into v_call from public.call_sessions s
    where s.status = 'connecting' and s.connect_expires_at <= v_now and s.id <> all (p_except)
    limit 1 for update skip locked;
  end if;
  if v_call is null then
    select s.id into v_call
    from public.call_participants p
    join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
    join public.call_sessions s on s.id = p.call_session_id
    where p.state in ('connecting', 'joined') and i.lease_expires_at <= v_now and s.id <> all (p_except)
    limit 1 for update of s skip locked;
  end if;
  if v_call is null then
    return null;
  end if;
  return jsonb_build_object('now', parley.ms(parley.clock(p_skew_ms)), 'record', parley.call_json(v_call), 'repeat', 'no');
end
$$;
comment on function parley.lock_due_call(uuid[], bigint) is 'Locks and reads one call that is due; null when there is none.';

revoke all on function
  parley.begin_command(uuid, uuid, uuid, text, text, uuid, uuid, text, integer, bigint),
  parley.save_call(jsonb, jsonb, jsonb, jsonb),
  parley.lock_due_call(uuid[], bigint)
from public, anon, authenticated;
grant execute on function
  parley.begin_command(uuid, uuid, uuid, text, text, uuid, uuid, text, integer, bigint),
  parley.save_call(jsonb, jsonb, jsonb, jsonb),
  parley.lock_due_call(uuid[], bigint)
to service_role;
