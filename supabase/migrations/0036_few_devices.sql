-- The client makes the ids of devices and instances: without a bound one account could fill the disk with them. A person has
-- at most 50 devices and 200 instances; a new one takes the place of those that were used longest ago. Nobody is told:
-- a device that is used again is simply there again, and only the newest twenty ring anyway. Whoever holds a seat in a
-- call stays, so the bound is exceeded by three at most (the live calls of a person). The rows are held before they go:
-- whoever is in use this very moment is passed over, and the next new one looks again.
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
    for update skip locked
  ) gone where d.user_id = gone.user_id and d.id = gone.id;
  return null;
end
$$;
comment on function parley.keep_few_devices() is 'A new device takes the place of the one that was used longest ago.';

create or replace function parley.keep_few_instances() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_edge timestamptz;
begin
  select i.lease_expires_at into v_edge from public.device_instances i
  where i.user_id = new.user_id order by i.lease_expires_at desc offset 199 limit 1;
  if v_edge is null then
    return null;
  end if;
  delete from public.device_instances i using (
    select o.user_id, o.id from public.device_instances o
    where o.user_id = new.user_id and o.id <> new.id and o.lease_expires_at < v_edge
      and not exists (
        select from public.call_participants p where p.user_id = o.user_id and p.instance_id = o.id
      )
    for update skip locked
  ) gone where i.user_id = gone.user_id and i.id = gone.id;
  return null;
end
$$;
comment on function parley.keep_few_instances() is 'A new instance takes the place of the one whose lease ends first.';

drop trigger if exists devices_few on public.devices;
create trigger devices_few after insert on public.devices
  for each row execute function parley.keep_few_devices();
drop trigger if exists device_instances_few on public.device_instances;
create trigger device_instances_few after insert on public.device_instances
  for each row execute function parley.keep_few_instances();

revoke all on function parley.keep_few_devices(), parley.keep_few_instances() from public, anon, authenticated;
