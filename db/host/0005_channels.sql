-- Channels of a team, and direct channels of two of its people.
create table if not exists public.channels (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references public.teams (id) on delete cascade,
  kind text not null default 'channel' check (kind in ('channel', 'direct')),
  -- Empty for a direct channel: each of the two sees the other's name.
  name text not null default '' check (char_length(name) <= 80),
  direct_low uuid references auth.users (id) on delete cascade,
  direct_high uuid references auth.users (id) on delete cascade,
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  constraint channels_named check (kind = 'direct' or char_length(name) > 0),
  constraint channels_pair check (
    case when kind = 'direct' then direct_low is not null and direct_high is not null and direct_low < direct_high
    else direct_low is null and direct_high is null end
  )
);
comment on table public.channels is 'Where people write: open to a team, or direct between two of it.';
comment on column public.channels.direct_low is 'The smaller id of the two people of a direct channel.';
-- One direct channel for each unordered pair of a team.
create unique index if not exists channels_direct_pair on public.channels (team_id, direct_low, direct_high) where kind = 'direct';
create index if not exists channels_team on public.channels (team_id);
create index if not exists channels_direct_low on public.channels (direct_low) where kind = 'direct';
create index if not exists channels_direct_high on public.channels (direct_high) where kind = 'direct';
create index if not exists channels_created_by on public.channels (created_by);
alter table public.channels enable row level security;
