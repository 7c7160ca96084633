-- Blocking and deletion of people. The column has Supabase's name and meaning: whoever administers the database sets it, and
-- the server looks at it every two seconds.
alter table auth.users add column if not exists banned_until timestamptz;
comment on column auth.users.banned_until is 'Until then the person is blocked: no token of theirs is taken, and their sockets are closed. `infinity` for good.';

-- A tombstone is called "Deleted user"; whoever meets its id may read that.
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
    or ((select auth.uid()) is not null and exists (
      select from auth.users u where u.id = p_person and u.deleted_at is not null
    ))
$$;
comment on function parley.knows_person(uuid) is 'Whether the person in whose name this transaction runs may know the name of this one.';

-- A link may be good for so many people and no more.
alter table public.team_invitations add column if not exists max_uses integer check (max_uses between 1 and 1000);
alter table public.team_invitations add column if not exists uses integer not null default 0 check (uses >= 0);
comment on column public.team_invitations.max_uses is 'How many people may come in by this link; null for as many as it is given to.';
comment on column public.team_invitations.uses is 'How many people have come in by it.';
