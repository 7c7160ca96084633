-- Teams and who is in them.
create table if not exists public.teams (
  id uuid primary key default gen_random_uuid(),
  name text not null check (char_length(name) between 1 and 80),
  -- A tombstone keeps its place; nobody's deletion takes a team away.
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp())
);
comment on table public.teams is 'A group of people who can call and write to each other. Its deletion takes channels, messages and calls with it.';
create index if not exists teams_created_by on public.teams (created_by);
alter table public.teams enable row level security;

create table if not exists public.team_members (
  team_id uuid not null references public.teams (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role text not null default 'member' check (role in ('owner', 'member')),
  joined_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  primary key (team_id, user_id)
);
comment on table public.team_members is 'Who is in which team.';
-- "My teams" begins with the person.
create index if not exists team_members_user on public.team_members (user_id, team_id);
alter table public.team_members enable row level security;
