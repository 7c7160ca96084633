-- Which calls to look at for somebody who has just come back. Comparing enumerations is not leakproof, so that under
-- row-level security Postgres asks the policy of every row before it looks at a state: of every call that the person
-- ever was in. This finds the few that live by their partial indexes; what they hold is read under the policies.
create or replace function parley.my_live_call_ids() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select p.call_session_id
  from public.call_participants p
  join public.call_sessions s on s.id = p.call_session_id
  where p.user_id = (select auth.uid()) and p.state in ('connecting', 'joined')
    and s.status in ('ringing', 'connecting', 'connected')
  union all
  select p.call_session_id
  from public.call_participants p
  join public.call_sessions s on s.id = p.call_session_id
  where p.user_id = (select auth.uid()) and p.state in ('invited', 'ringing')
    and s.status in ('ringing', 'connecting', 'connected')
$$;
comment on function parley.my_live_call_ids() is 'Live calls that the person in whose name this transaction runs is rung for or sits in.';
revoke all on function parley.my_live_call_ids() from public, anon;
grant execute on function parley.my_live_call_ids() to authenticated, service_role;
