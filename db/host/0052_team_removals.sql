-- Whom an owner has sent away. A link that was made before does not let them in again; one that is made after does.
create table if not exists public.team_removals (
  team_id uuid not null references public.teams (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  -- A tombstone keeps its place.
  removed_by uuid references auth.users (id) on delete set null,
  removed_at timestamptz not null,
  primary key (team_id, user_id)
);
comment on table public.team_removals is 'People whom an owner removed from a team, and when last. Whoever left by themselves is not here.';
create index if not exists team_removals_user on public.team_removals (user_id);
create index if not exists team_removals_removed_by on public.team_removals (removed_by);
alter table public.team_removals enable row level security;
revoke all on public.team_removals from public, anon, authenticated;
grant select, insert, update, delete on public.team_removals to service_role;
