-- A sign of life of one running copy of the app: device and instance are there, and the lease lasts from now.
create or replace function parley.touch_instance(
  p_user uuid, p_device uuid, p_instance uuid, p_platform text, p_lease_ms integer, p_skew_ms bigint default 0
) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_now timestamptz := parley.clock(p_skew_ms);
begin
  insert into public.devices as d (user_id, id, platform, created_at, last_seen_at)
  values (p_user, p_device, p_platform, v_now, v_now)
  on conflict (user_id, id) do update
    set last_seen_at = greatest(d.last_seen_at, excluded.last_seen_at),
        platform = coalesce(excluded.platform, d.platform);

  insert into public.device_instances as i (user_id, id, device_id, lease_expires_at, created_at)
  values (p_user, p_instance, p_device, v_now + p_lease_ms * interval '1 millisecond', v_now)
  on conflict (user_id, id) do update
    set lease_expires_at = greatest(i.lease_expires_at, excluded.lease_expires_at),
        device_id = excluded.device_id;
end
$$;
comment on function parley.touch_instance(uuid, uuid, uuid, text, integer, bigint) is 'Upserts device and instance with a fresh lease.';

-- Many signs of life at once. An age is how long ago the sign came in; no lease gets shorter. Rows are taken in the
-- order of their keys, so that two servers that renew at the same moment do not lock each other.
create or replace function parley.renew_leases(
  p_users uuid[], p_instances uuid[], p_ages_ms integer[], p_lease_ms integer, p_skew_ms bigint default 0
) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  v_now timestamptz := parley.clock(p_skew_ms);
  v_count integer;
begin
  with wanted as (
    select w.user_id, w.id, min(w.age_ms) as age_ms
    from unnest(p_users, p_instances, p_ages_ms) as w (user_id, id, age_ms)
    group by w.user_id, w.id
  ), locked as materialized (
    select i.user_id, i.id from public.device_instances i
    where (i.user_id, i.id) in (select w.user_id, w.id from wanted w)
    order by i.user_id, i.id
    for no key update
  )
  update public.device_instances i
  set lease_expires_at = greatest(
    i.lease_expires_at, v_now + (p_lease_ms - greatest(w.age_ms, 0)) * interval '1 millisecond'
  )
  from wanted w join locked l on l.user_id = w.user_id and l.id = w.id
  where i.user_id = w.user_id and i.id = w.id;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
comment on function parley.renew_leases(uuid[], uuid[], integer[], integer, bigint) is 'Renews the leases of many instances; returns how many there are.';

-- A server is there. After a gap in which none was, every lease that still held when the gap began lasts from now:
-- time in which nobody could take a heartbeat counts against nobody.
create or replace function parley.beat(p_gap_ms integer, p_lease_ms integer, p_skew_ms bigint default 0) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  v_now timestamptz := parley.clock(p_skew_ms);
  v_last timestamptz;
begin
  insert into public.server_heartbeat (only_row, at) values (true, '-infinity') on conflict do nothing;
  select h.at into v_last from public.server_heartbeat h for update;
  update public.server_heartbeat set at = greatest(at, v_now);
  if v_last >= v_now - p_gap_ms * interval '1 millisecond' then
    return false;
  end if;
  update public.device_instances i
  set lease_expires_at = v_now + p_lease_ms * interval '1 millisecond'
  where i.lease_expires_at >= v_last and i.lease_expires_at < v_now + p_lease_ms * interval '1 millisecond';
  return true;
end
$$;
comment on function parley.beat(integer, integer, bigint) is 'Notes that a server lives; true when it came after a gap and leases were renewed.';

revoke all on function
  parley.touch_instance(uuid, uuid, uuid, text, integer, bigint),
  parley.renew_leases(uuid[], uuid[], integer[], integer, bigint),
  parley.beat(integer, integer, bigint)
from public, anon, authenticated;
grant execute on function
  parley.touch_instance(uuid, uuid, uuid, text, integer, bigint),
  parley.renew_leases(uuid[], uuid[], integer[], integer, bigint),
  parley.beat(integer, integer, bigint)
to service_role;
