-- Who sees what of the host's tables. The questions are SECURITY DEFINER functions: a policy on team_members that
-- read team_members would ask itself for ever.
create or replace function parley.my_team_ids() returns setof uuid
language sql stable security definer set search_path = ''
as $$ select m.team_id from public.team_members m where m.user_id = (select auth.uid()) $$;
comment on function parley.my_team_ids() is 'Teams of the person in whose name this transaction runs.';

create or replace function parley.my_channel_ids() returns setof uuid
language sql stable security definer set search_path = ''
as $$ select a.channel_id from parley.channel_access a where a.user_id = (select auth.uid()) $$;
comment on function parley.my_channel_ids() is 'Channels that the person may see.';

-- Oneself, whoever shares a team, and whoever wrote where one can read.
create or replace function parley.knows_person(p_person uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select p_person = (select auth.uid())
    or exists (
      select from public.team_members mine
      join public.team_members theirs on theirs.team_id = mine.team_id and theirs.user_id = p_person
      where mine.user_id = (select auth.uid())
    )
    or exists (
      select from public.messages m
      join parley.channel_access a on a.channel_id = m.channel_id and a.user_id = (select auth.uid())
      where m.author_id = p_person
    )
$$;
comment on function parley.knows_person(uuid) is 'Whether the person in whose name this transaction runs may know the name of this one.';

revoke all on function parley.my_team_ids(), parley.my_channel_ids(), parley.knows_person(uuid) from public;
grant execute on function parley.my_team_ids(), parley.my_channel_ids(), parley.knows_person(uuid) to authenticated, service_role;

drop policy if exists profiles_of_people_i_know on public.profiles;
create policy profiles_of_people_i_know on public.profiles for select to authenticated
  using (parley.knows_person(id));

drop policy if exists teams_of_mine on public.teams;
create policy teams_of_mine on public.teams for select to authenticated
  using (id in (select parley.my_team_ids()));

drop policy if exists members_of_my_teams on public.team_members;
create policy members_of_my_teams on public.team_members for select to authenticated
  using (team_id in (select parley.my_team_ids()));

drop policy if exists channels_i_see on public.channels;
create policy channels_i_see on public.channels for select to authenticated
  using (id in (select parley.my_channel_ids()));

drop policy if exists messages_in_my_channels on public.messages;
create policy messages_in_my_channels on public.messages for select to authenticated
  using (channel_id in (select parley.my_channel_ids()));

-- Reads only: everything is written by the server. Invitations are not read by clients at all.
revoke all on public.profiles, public.teams, public.team_members, public.channels, public.messages, public.team_invitations
  from public, anon, authenticated;
grant select on public.profiles, public.teams, public.team_members, public.channels, public.messages to authenticated;
grant all on public.profiles, public.teams, public.team_members, public.channels, public.messages, public.team_invitations
  to service_role;
