-- The calls see their host through three views. A host that brings its own has made them before this file runs (ours:
-- db/host); for the others these are made from what every host has: auth.users, teams, team_members, channels.
do $$
begin
  if to_regclass('parley.people') is null then
    -- The name that Supabase Auth keeps of a person, or the part of the address before the @. Not granted to clients.
    create view parley.people as
      select u.id,
        coalesce(
          nullif(to_jsonb(u) -> 'raw_user_meta_data' ->> 'display_name', ''),
          nullif(to_jsonb(u) -> 'raw_user_meta_data' ->> 'full_name', ''),
          nullif(to_jsonb(u) -> 'raw_user_meta_data' ->> 'name', ''),
          nullif(split_part(to_jsonb(u) ->> 'email', '@', 1), ''),
          'Guest'
        ) as display_name
      from auth.users u;
    comment on view parley.people is 'Seam: how people are called.';
    revoke all on parley.people from public, anon, authenticated;
    grant select on parley.people to service_role;
  end if;

  if to_regclass('parley.team_names') is null then
    create view parley.team_names as
      select t.id, coalesce(to_jsonb(t) ->> 'name', '') as name from public.teams t;
    comment on view parley.team_names is 'Seam: how teams are called; a ring says it.';
    revoke all on parley.team_names from public, anon, authenticated;
    grant select on parley.team_names to service_role;
  end if;

  if to_regclass('parley.channel_access') is null then
    -- Where a channel does not say its team, any member of the call's own team may call in it.
    if exists (
      select from pg_catalog.pg_attribute
      where attrelid = 'public.channels'::regclass and attname = 'team_id' and not attisdropped
    ) then
      create view parley.channel_access as
        select c.id as channel_id, m.team_id, m.user_id
        from public.channels c join public.team_members m on m.team_id = c.team_id;
    else
      create view parley.channel_access as
        select c.id as channel_id, m.team_id, m.user_id
        from public.channels c cross join public.team_members m;
    end if;
    comment on view parley.channel_access is 'Seam: who may see which channel of which team.';
    revoke all on parley.channel_access from public, anon, authenticated;
    grant select on parley.channel_access to service_role;
  end if;
end
$$;
