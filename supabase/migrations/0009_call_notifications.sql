-- A person's inbox: calls that they missed, and calls of theirs that were turned down.
create table if not exists public.call_notifications (
  id uuid primary key default gen_random_uuid(),
  call_session_id uuid not null references public.call_sessions (id) on delete cascade,
  -- The inbox is nobody else's history: it goes with the person.
  user_id uuid not null references auth.users (id) on delete cascade,
  type public.notification_type not null,
  seq bigint not null check (seq >= 1),
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  read_at timestamptz,
  constraint call_notifications_once unique (call_session_id, user_id),
  constraint call_notifications_seq unique (user_id, seq),
  constraint call_notifications_read_after check (read_at is null or read_at >= created_at)
);
comment on table public.call_notifications is 'Inbox of missed and rejected calls.';
comment on column public.call_notifications.seq is 'Gapless within the person''s inbox, from 1: a client sees what it has not got.';
create index if not exists call_notifications_unread on public.call_notifications (user_id) where read_at is null;
alter table public.call_notifications enable row level security;
