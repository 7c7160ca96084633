-- One row for each call: what every view of it is built from.
create table if not exists public.call_sessions (
  id uuid primary key default gen_random_uuid(),
  -- A team's calls go with the team.
  team_id uuid not null references public.teams (id) on delete cascade,
  -- A call outlives its channel.
  channel_id uuid references public.channels (id) on delete set null,
  call_type public.call_type not null,
  status public.call_status not null default 'ringing',
  -- Deleted people leave a tombstone: a row that calls refer to cannot go.
  initiator_id uuid not null references auth.users (id) on delete restrict,
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  ended_at timestamptz,
  room_name text not null unique check (room_name ~ '^[A-Za-z0-9_-]{1,64}$'),
  -- Agora's word for the same; 64 characters is its bound for a channel's name.
  agora_channel_name text generated always as (room_name) stored,
  token_expires_at timestamptz,
  duration_seconds integer,
  join_latency_ms integer check (join_latency_ms >= 0),
  avg_bitrate_kbps integer check (avg_bitrate_kbps >= 0),
  packet_loss_percent numeric(5, 2) check (packet_loss_percent between 0 and 100),
  end_reason public.end_reason,
  connected_at timestamptz,
  ring_expires_at timestamptz,
  connect_expires_at timestamptz,
  media_engine public.media_engine not null default 'p2p',
  media_epoch integer not null default 1 check (media_epoch >= 1),
  membership_epoch integer not null default 1 check (membership_epoch >= 1),
  version integer not null default 1 check (version >= 1),
  updated_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  pair_low uuid,
  pair_high uuid,
  -- One member of the domain's union for each state: what a state does not have is null.
  constraint call_sessions_live_or_over check (
    (status in ('ringing', 'connecting', 'connected')) = (ended_at is null)
    and (ended_at is null) = (end_reason is null)
  ),
  constraint call_sessions_ring check ((status = 'ringing') = (ring_expires_at is not null)),
  constraint call_sessions_connect check ((status = 'connecting') = (connect_expires_at is not null)),
  constraint call_sessions_connected check (
    case status when 'connected' then connected_at is not null when 'ended' then true else connected_at is null end
  ),
  constraint call_sessions_times check (
    updated_at >= created_at
    and (ended_at is null or ended_at >= created_at)
    and (connected_at is null or connected_at between created_at and coalesce(ended_at, updated_at))
  ),
  constraint call_sessions_duration check (
    (duration_seconds is not null) = (ended_at is not null and connected_at is not null)
    and (duration_seconds is null or duration_seconds >= 0)
  ),
  constraint call_sessions_pair check (
    case when call_type in ('audio', 'video')
    then pair_low is not null and pair_high is not null and pair_low < pair_high and initiator_id in (pair_low, pair_high)
    else pair_low is null and pair_high is null end
  )
);

comment on table public.call_sessions is 'A call. Written by the server alone, through parley.create_call and parley.save_call.';
comment on column public.call_sessions.room_name is 'What an engine calls the place of the call; cannot be guessed.';
comment on column public.call_sessions.agora_channel_name is 'The same under Agora''s name for it.';
comment on column public.call_sessions.token_expires_at is 'When the newest media token of the call expires.';
comment on column public.call_sessions.duration_seconds is 'Whole seconds from connected_at to ended_at; null unless it connected and is over.';
comment on column public.call_sessions.connected_at is 'When media first flowed on both sides.';
comment on column public.call_sessions.ring_expires_at is 'Unanswered at this instant, the call is missed. Only while it rings.';
comment on column public.call_sessions.connect_expires_at is 'Without media on both sides at this instant, the call has failed. Only while it connects.';
comment on column public.call_sessions.media_epoch is 'Rises whenever the path of the media changes.';
comment on column public.call_sessions.membership_epoch is 'Rises whenever the set of people who hold a seat changes.';
comment on column public.call_sessions.version is 'Sequence number of the newest event of the call.';
comment on column public.call_sessions.pair_low is 'The smaller id of the two people of a one-to-one call.';

-- Two people have one live call at most: what keeps glare from making two, whatever else goes wrong.
create unique index if not exists call_sessions_live_pair on public.call_sessions (pair_low, pair_high)
  where status in ('ringing', 'connecting', 'connected');
-- History, newest first: one's own calls from either side, and a team's group calls.
create index if not exists call_sessions_history_low on public.call_sessions (pair_low, created_at desc, id desc);
create index if not exists call_sessions_history_high on public.call_sessions (pair_high, created_at desc, id desc);
create index if not exists call_sessions_history_group on public.call_sessions (team_id, created_at desc, id desc)
  where pair_low is null;
-- The sweeper's question.
create index if not exists call_sessions_ring_due on public.call_sessions (ring_expires_at) where status = 'ringing';
create index if not exists call_sessions_connect_due on public.call_sessions (connect_expires_at) where status = 'connecting';
-- What the foreign keys look for when a row that they point at goes.
create index if not exists call_sessions_team on public.call_sessions (team_id);
create index if not exists call_sessions_channel on public.call_sessions (channel_id) where channel_id is not null;
create index if not exists call_sessions_initiator on public.call_sessions (initiator_id);

alter table public.call_sessions enable row level security;
