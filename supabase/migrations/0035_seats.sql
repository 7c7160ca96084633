-- What an accept asks before it takes a seat: in how many other live calls the person sits. As a create does, it holds the
-- slots first, those of all people of the call and in the order of their ids: two devices of one person that accept two
-- calls at the same moment, or accept one and make another, come one after the other, and the second sees the first.
-- All people, not only the one who accepts: the same transaction may have to write into their inboxes, which takes the
-- slots in that order too. The call's row is held before; a create holds slots alone, so that neither waits in a circle.
--
-- Seats whose lease has run out, and calls past their deadline, count for nothing, as in a create.
create or replace function parley.other_live_calls(p_call uuid, p_user uuid, p_skew_ms bigint default 0) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  v_now timestamptz;
  v_count integer;
begin
  insert into public.call_slots (user_id)
  select p.user_id from public.call_participants p where p.call_session_id = p_call order by p.user_id
  on conflict do nothing;
  perform from public.call_slots s
  where s.user_id in (select p.user_id from public.call_participants p where p.call_session_id = p_call)
  order by s.user_id for update;

  v_now := parley.clock(p_skew_ms);
  select count(*) into v_count
  from public.call_participants p
  join public.call_sessions s on s.id = p.call_session_id
  join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
  where p.user_id = p_user and s.id <> p_call and p.state in ('connecting', 'joined') and i.lease_expires_at > v_now
    and s.status in ('ringing', 'connecting', 'connected')
    and coalesce(s.ring_expires_at, s.connect_expires_at, 'infinity') > v_now;
  return v_count;
end
$$;
comment on function parley.other_live_calls(uuid, uuid, bigint) is 'Holds the slots of a call''s people and counts the other live calls that one of them sits in.';
revoke all on function parley.other_live_calls(uuid, uuid, bigint) from public, anon, authenticated;
grant execute on function parley.other_live_calls(uuid, uuid, bigint) to service_role;
