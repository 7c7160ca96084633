-- What the calls want to know of their host. These three views are the whole of it; supabase/README.md says so to
-- whoever brings people, teams and channels of their own. The people's names obey the row-level security of whoever
-- asks; the other two are for functions of the calls alone.
create or replace view parley.people with (security_invoker = true) as
  select p.id, p.display_name from public.profiles p;
comment on view parley.people is 'Seam: how people are called.';

create or replace view parley.team_names as
  select t.id, t.name from public.teams t;
comment on view parley.team_names is 'Seam: how teams are called; a ring says it.';

create or replace view parley.channel_access as
  select c.id as channel_id, c.team_id, m.user_id
  from public.channels c
  join public.team_members m on m.team_id = c.team_id
  where c.kind = 'channel' or m.user_id = c.direct_low or m.user_id = c.direct_high;
comment on view parley.channel_access is 'Seam: who may see which channel of which team.';

revoke all on parley.people, parley.team_names, parley.channel_access from public, anon, authenticated;
grant select on parley.people to authenticated;
grant select on parley.people, parley.team_names, parley.channel_access to service_role;
