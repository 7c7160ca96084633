-- What devices measured: samples and closing figures, for reliability dashboards.
create table if not exists public.call_metrics (
  id uuid primary key default gen_random_uuid(),
  call_session_id uuid not null references public.call_sessions (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete restrict,
  join_latency_ms integer check (join_latency_ms between 0 and 600000),
  duration_seconds integer check (duration_seconds >= 0),
  packet_loss_percent numeric(5, 2) check (packet_loss_percent between 0 and 100),
  avg_bitrate_kbps integer check (avg_bitrate_kbps between 0 and 1000000),
  video_enabled boolean,
  audio_enabled boolean,
  network_type text check (network_type in ('wifi', 'cellular', 'ethernet', 'unknown')),
  device_type text check (device_type in ('ios', 'android', 'web')),
  recorded_at timestamptz not null default date_trunc('milliseconds', clock_timestamp())
);
comment on table public.call_metrics is 'One device''s figures of one call. Null is not measured.';
create index if not exists call_metrics_call on public.call_metrics (call_session_id, recorded_at);
create index if not exists call_metrics_user on public.call_metrics (user_id);
create index if not exists call_metrics_recorded on public.call_metrics (recorded_at);
alter table public.call_metrics enable row level security;
