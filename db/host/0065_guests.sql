-- Guests of calls: people without an account, in no team, who are gone when their time is over.
create or replace function parley.make_guest(p_name text) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_id uuid := gen_random_uuid();
begin
  insert into auth.users (id, is_anonymous) values (v_id, true);
  insert into public.profiles (id, display_name) values (v_id, p_name);
  return v_id;
end
$$;
comment on function parley.make_guest(text) is 'Makes a guest.';

-- Whoever never came in leaves nothing; who was in a call stays in its history under the name they gave, and is nobody any more.
create or replace function parley.tidy_guests(p_limit integer default 1000, p_skew_ms bigint default 0) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_now timestamptz := parley.clock(p_skew_ms);
  v_one record;
  v_count integer := 0;
begin
  for v_one in
    select u.id, exists (select from public.call_participants p where p.user_id = u.id) as was_in
    from auth.users u
    where u.is_anonymous and u.deleted_at is null
      and exists (select from public.call_knocks k where k.user_id = u.id)
      and not exists (select from public.call_knocks k where k.user_id = u.id and k.expires_at > v_now)
      and not exists (
        select from public.call_participants p
        join public.call_sessions s on s.id = p.call_session_id
        where p.user_id = u.id and s.status in ('ringing', 'connecting', 'connected')
          and p.state in ('invited', 'ringing', 'connecting', 'joined')
      )
    limit p_limit for update of u skip locked
  loop
    if v_one.was_in then
      update auth.users set deleted_at = v_now where id = v_one.id;
    else
      delete from auth.users where id = v_one.id;
    end if;
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;
comment on function parley.tidy_guests(integer, bigint) is 'Clears away guests whose time is over.';
revoke all on function parley.make_guest(text), parley.tidy_guests(integer, bigint) from public, anon, authenticated;
grant execute on function parley.make_guest(text), parley.tidy_guests(integer, bigint) to service_role;
