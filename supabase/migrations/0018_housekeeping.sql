-- Clears away what nobody asks for any more, a bounded number of rows at a time: keys after a day, instances a day
-- after their lease, devices that were not seen for ninety days. The history of calls is never touched.
create or replace function parley.tidy(p_limit integer default 1000, p_skew_ms bigint default 0) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  v_now timestamptz := parley.clock(p_skew_ms);
  v_count integer;
  v_total integer := 0;
begin
  delete from public.idempotency_keys k using (
    select o.user_id, o.key from public.idempotency_keys o
    where o.created_at < v_now - interval '1 day' limit p_limit for update skip locked
  ) old where k.user_id = old.user_id and k.key = old.key;
  get diagnostics v_count = row_count;
  v_total := v_total + v_count;

  delete from public.device_instances i using (
    select o.user_id, o.id from public.device_instances o
    where o.lease_expires_at < v_now - interval '1 day'
      and not exists (
        select from public.call_participants p where p.user_id = o.user_id and p.instance_id = o.id
      )
    limit p_limit for update skip locked
  ) old where i.user_id = old.user_id and i.id = old.id;
  get diagnostics v_count = row_count;
  v_total := v_total + v_count;

  delete from public.devices d using (
    select o.user_id, o.id from public.devices o
    where o.last_seen_at < v_now - interval '90 days'
      and not exists (select from public.device_instances i where i.user_id = o.user_id and i.device_id = o.id)
    limit p_limit for update skip locked
  ) old where d.user_id = old.user_id and d.id = old.id;
  get diagnostics v_count = row_count;
  return v_total + v_count;
end
$$;
comment on function parley.tidy(integer, bigint) is 'Clears away old keys, instances and devices; returns how many rows went.';
revoke all on function parley.tidy(integer, bigint) from public, anon, authenticated;
grant execute on function parley.tidy(integer, bigint) to service_role;

-- A device lookup of the housekeeping, and of a person's list of devices.
create index if not exists devices_last_seen on public.devices (last_seen_at);
