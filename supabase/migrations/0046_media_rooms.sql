-- What the comparison with the media server asks, every few seconds.
create index if not exists call_sessions_media_live on public.call_sessions (id)
  where media_engine = 'livekit' and ended_at is null;
create index if not exists call_sessions_media_ended on public.call_sessions (ended_at, id)
  where media_engine = 'livekit' and ended_at is not null;
-- Groups that are a mesh, and may move to a media server.
create index if not exists call_sessions_mesh on public.call_sessions (id)
  where media_engine = 'p2p' and call_type in ('group_audio', 'group_video') and status in ('ringing', 'connecting', 'connected');

-- A device for which it rings joins ahead: what becomes of its person concerns it.
alter table public.call_rings add column if not exists token_expires_at timestamptz;
comment on column public.call_rings.token_expires_at is 'Until when this device can join the room ahead of an accept; null if it never asked to.';
