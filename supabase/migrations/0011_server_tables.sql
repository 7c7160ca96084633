-- What the server remembers for itself: no client reads either table.
create table if not exists public.idempotency_keys (
  user_id uuid not null references auth.users (id) on delete cascade,
  key uuid not null,
  command text not null check (char_length(command) between 1 and 40),
  body_hash text not null check (body_hash ~ '^[0-9a-f]{64}$'),
  call_id uuid not null references public.call_sessions (id) on delete cascade,
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  primary key (user_id, key)
);
comment on table public.idempotency_keys is 'Commands that have been carried out, so that a repetition is told what became of the first.';
comment on column public.idempotency_keys.body_hash is 'SHA-256 of the command''s body: the same key with another body is an error.';
create index if not exists idempotency_keys_call on public.idempotency_keys (call_id);
create index if not exists idempotency_keys_age on public.idempotency_keys (created_at);
alter table public.idempotency_keys enable row level security;

create table if not exists public.server_heartbeat (
  only_row boolean primary key default true check (only_row),
  at timestamptz not null
);
comment on table public.server_heartbeat is 'When any server last was there to take heartbeats: time without one does not run against anybody''s lease.';
alter table public.server_heartbeat enable row level security;
