-- Who sees what. Clients only read; every write goes through the server. The guide's INSERT policy would have let a
-- client write `connected`, or somebody else as the initiator.
--
--   one-to-one call                  its two people
--   group call in a channel          whoever sees the channel, and its participants
--   group call outside a channel     its participants
--   inbox, devices, rings, metrics   their owner
create or replace function parley.takes_part(p_call uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from public.call_participants p where p.call_session_id = p_call and p.user_id = (select auth.uid())
  )
$$;
comment on function parley.takes_part(uuid) is 'Whether the person in whose name this transaction runs is a participant.';

create or replace function parley.sees_channel(p_channel uuid, p_team uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from parley.channel_access a
    where a.channel_id = p_channel and a.team_id = p_team and a.user_id = (select auth.uid())
  )
$$;
comment on function parley.sees_channel(uuid, uuid) is 'Whether the person sees this channel of this team.';

create or replace function parley.sees_call(p_call uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select parley.takes_part(p_call) or exists (
    select from public.call_sessions s
    where s.id = p_call and s.pair_low is null and s.channel_id is not null and parley.sees_channel(s.channel_id, s.team_id)
  )
$$;
comment on function parley.sees_call(uuid) is 'Whether the person may see this call and all that belongs to it.';

-- Whoever sees a call sees the names in it, also of people who have left the team since. Without claims it is the
-- server that asks; anon may not ask at all.
create or replace function parley.names_in_call(p_call uuid) returns table (user_id uuid, display_name text)
language sql stable security definer set search_path = ''
as $$
  select p.user_id, n.display_name
  from public.call_participants p join parley.people n on n.id = p.user_id
  where p.call_session_id = p_call and ((select auth.uid()) is null or (select parley.sees_call(p_call)))
$$;
comment on function parley.names_in_call(uuid) is 'Names of the participants of a call that one may see.';

revoke all on function parley.takes_part(uuid), parley.sees_channel(uuid, uuid), parley.sees_call(uuid),
  parley.names_in_call(uuid) from public, anon;
grant execute on function parley.takes_part(uuid), parley.sees_channel(uuid, uuid), parley.sees_call(uuid),
  parley.names_in_call(uuid) to authenticated, service_role;

drop policy if exists calls_i_see on public.call_sessions;
create policy calls_i_see on public.call_sessions for select to authenticated
  using (
    parley.takes_part(id)
    or (pair_low is null and channel_id is not null and parley.sees_channel(channel_id, team_id))
  );

drop policy if exists participants_of_calls_i_see on public.call_participants;
create policy participants_of_calls_i_see on public.call_participants for select to authenticated
  using (parley.sees_call(call_session_id));

drop policy if exists events_of_calls_i_see on public.call_events;
create policy events_of_calls_i_see on public.call_events for select to authenticated
  using (parley.sees_call(call_session_id));

drop policy if exists my_inbox on public.call_notifications;
create policy my_inbox on public.call_notifications for select to authenticated
  using (user_id = (select auth.uid()));

drop policy if exists my_metrics on public.call_metrics;
create policy my_metrics on public.call_metrics for select to authenticated
  using (user_id = (select auth.uid()));

drop policy if exists my_devices on public.devices;
create policy my_devices on public.devices for select to authenticated
  using (user_id = (select auth.uid()));

drop policy if exists my_instances on public.device_instances;
create policy my_instances on public.device_instances for select to authenticated
  using (user_id = (select auth.uid()));

drop policy if exists my_rings on public.call_rings;
create policy my_rings on public.call_rings for select to authenticated
  using (user_id = (select auth.uid()));

-- Supabase grants everything on new tables of `public` by default: taken back, and given piece by piece.
revoke all on
  public.call_sessions, public.call_participants, public.call_events, public.call_notifications, public.call_metrics,
  public.devices, public.device_instances, public.call_rings, public.call_slots, public.idempotency_keys,
  public.server_heartbeat
from public, anon, authenticated;
grant select on
  public.call_sessions, public.call_participants, public.call_events, public.call_notifications, public.call_metrics,
  public.devices, public.device_instances, public.call_rings
to authenticated;
grant all on
  public.call_sessions, public.call_participants, public.call_events, public.call_notifications, public.call_metrics,
  public.devices, public.device_instances, public.call_rings, public.call_slots, public.idempotency_keys,
  public.server_heartbeat
to service_role;
