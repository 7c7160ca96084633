-- What rings for one device right now. A device that came after the call was made gets its ring here.
create or replace function parley.open_rings(p_user uuid, p_device uuid, p_skew_ms bigint default 0) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_now timestamptz := parley.clock(p_skew_ms);
  v_rings jsonb;
begin
  insert into public.call_rings (call_session_id, user_id, device_id, created_at, expires_at)
  select s.id, p_user, p_device, v_now, s.ring_expires_at
  from public.call_participants p
  join public.call_sessions s on s.id = p.call_session_id
  where p.user_id = p_user and p.state = 'ringing' and s.status = 'ringing' and s.ring_expires_at > v_now
    and exists (select from public.devices d where d.user_id = p_user and d.id = p_device)
  on conflict do nothing;

  select coalesce(jsonb_agg(parley.ring_json(r.ring_id) order by r.created_at), '[]') into v_rings
  from public.call_rings r
  join public.call_sessions s on s.id = r.call_session_id
  join public.call_participants p on p.call_session_id = s.id and p.user_id = r.user_id
  where r.user_id = p_user and r.device_id = p_device
    and p.state = 'ringing' and s.status = 'ringing' and r.expires_at > v_now;
  return v_rings;
end
$$;
comment on function parley.open_rings(uuid, uuid, bigint) is 'Rings of a device that still ring; makes those that it lacks.';

-- A ringing device can take part. Returns false when it does not ring there (any more).
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
  from public.call_sessions s
  where r.ring_id = p_ring and r.call_session_id = p_call and r.user_id = p_user and r.device_id = p_device
    and s.id = p_call and s.status = 'ringing' and s.ring_expires_at > v_now;
  return found;
end
$$;
comment on function parley.ring_ready(uuid, uuid, uuid, uuid, uuid, bigint) is 'Notes that a ringing device is ready.';

revoke all on function parley.open_rings(uuid, uuid, bigint), parley.ring_ready(uuid, uuid, uuid, uuid, uuid, bigint)
  from public, anon, authenticated;
grant execute on function parley.open_rings(uuid, uuid, bigint), parley.ring_ready(uuid, uuid, uuid, uuid, uuid, bigint)
  to service_role;
