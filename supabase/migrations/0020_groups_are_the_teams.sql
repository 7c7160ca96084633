-- Closes what the matrix of docs/permissions.md found open.
--
-- 1. A group's call is the team's. Whoever has left the team keeps their own calls of two, which are nobody else's, but
--    no longer reads the group calls that they once took part in:
--
--      one-to-one call                  its two people, for good
--      group call in a channel          whoever sees the channel
--      group call outside a channel     its participants, while they are in the team
--      either, while it rings or runs   also whoever is rung or sits in it (a guest is in no team)
create or replace function parley.sits_in(p_call uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from public.call_participants p
    join public.call_sessions s on s.id = p.call_session_id
    where p.call_session_id = p_call and p.user_id = (select auth.uid())
      and p.state in ('invited', 'ringing', 'connecting', 'joined')
      and s.status in ('ringing', 'connecting', 'connected')
  )
$$;
comment on function parley.sits_in(uuid) is 'Whether the person in whose name this transaction runs is rung by this live call or sits in it.';

create or replace function parley.in_team(p_team uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from public.team_members m where m.team_id = p_team and m.user_id = (select auth.uid())
  )
$$;
comment on function parley.in_team(uuid) is 'Whether the person is a member of this team.';

create or replace function parley.sees_call(p_call uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from public.call_sessions s
    where s.id = p_call and case
      when s.pair_low is not null then parley.takes_part(s.id)
      when s.channel_id is not null then parley.sees_channel(s.channel_id, s.team_id) or parley.sits_in(s.id)
      else (parley.takes_part(s.id) and parley.in_team(s.team_id)) or parley.sits_in(s.id)
    end
  )
$$;

drop policy if exists calls_i_see on public.call_sessions;
create policy calls_i_see on public.call_sessions for select to authenticated
  using (
    case
      when pair_low is not null then parley.takes_part(id)
      when channel_id is not null then parley.sees_channel(channel_id, team_id) or parley.sits_in(id)
      else (parley.takes_part(id) and parley.in_team(team_id)) or parley.sits_in(id)
    end
  );

-- 2. Names without claims are for the server, which has none at all. A token without a subject is no server: its claims
--    are there and name nobody.
create or replace function parley.names_in_call(p_call uuid) returns table (user_id uuid, display_name text)
language sql stable security definer set search_path = ''
as $$
  select p.user_id, n.display_name
  from public.call_participants p join parley.people n on n.id = p.user_id
  where p.call_session_id = p_call and (
    nullif(current_setting('request.jwt.claims', true), '') is null
    or nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' = 'service_role'
    or (select parley.sees_call(p_call))
  )
$$;

revoke all on function parley.sits_in(uuid), parley.in_team(uuid) from public, anon;
grant execute on function parley.sits_in(uuid), parley.in_team(uuid) to authenticated, service_role;

-- 3. The service role reads and writes rows, and no more. What has happened in a call it can only add to: TRUNCATE would
--    have gone past the trigger that keeps the log.
revoke truncate, references, trigger on
  public.call_sessions, public.call_participants, public.call_events, public.call_notifications, public.call_metrics,
  public.devices, public.device_instances, public.call_rings, public.call_slots, public.idempotency_keys,
  public.server_heartbeat
from service_role;
revoke update, delete on public.call_events from service_role;
