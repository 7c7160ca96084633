-- In which order rows are held, so that nobody waits in a circle: the call, the device of whoever asks, the slots of its people.
--
-- A command holds its call against other commands, not against rows that only refer to it. A create that finds the pair's
-- call keeps its key with a reference to that call while it holds the slots; an accept that held the call against
-- references too, and then wanted the slots, waited in a circle with it until Postgres gave one of them up, a second
-- later. All else as in 0016_commands.sql.
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
  perform from public.call_sessions s where s.id = p_call for no key update;
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

-- A device that is there stays, however long ago it began: heartbeats renew the leases of its instances, not the day on which
-- it was seen, and one whose socket has been open for days would make way for a new one and ring no more. A person has at
-- most 200 instances, so this exceeds the fifty by no more. All else as in 0036_few_devices.sql.
create or replace function parley.keep_few_devices() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_edge timestamptz;
begin
  select d.last_seen_at into v_edge from public.devices d
  where d.user_id = new.user_id order by d.last_seen_at desc offset 49 limit 1;
  if v_edge is null then
    return null;
  end if;
  delete from public.devices d using (
    select o.user_id, o.id from public.devices o
    where o.user_id = new.user_id and o.id <> new.id and o.last_seen_at < v_edge
      and not exists (
        select from public.device_instances i
        join public.call_participants p on p.user_id = i.user_id and p.instance_id = i.id
        where i.user_id = o.user_id and i.device_id = o.id
      )
      and not exists (
        select from public.device_instances i
        where i.user_id = o.user_id and i.device_id = o.id and i.lease_expires_at > new.last_seen_at
      )
    for update skip locked
  ) gone where d.user_id = gone.user_id and d.id = gone.id;
  return null;
end
$$;
