-- Links that let somebody into a team.
create table if not exists public.team_invitations (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references public.teams (id) on delete cascade,
  -- SHA-256 in hex: who reads this table cannot use the links.
  token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  constraint team_invitations_lasts check (expires_at > created_at)
);
comment on table public.team_invitations is 'A link into a team; good until it expires or is revoked.';
create index if not exists team_invitations_team on public.team_invitations (team_id);
create index if not exists team_invitations_created_by on public.team_invitations (created_by);
alter table public.team_invitations enable row level security;
