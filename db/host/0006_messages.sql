-- What is written in a channel.
create table if not exists public.messages (
  id uuid primary key default gen_random_uuid(),
  channel_id uuid not null references public.channels (id) on delete cascade,
  -- What somebody wrote stays, with their tombstone as author.
  author_id uuid not null references auth.users (id) on delete restrict,
  type text not null default 'text' check (type in ('text', 'call', 'call_invite')),
  content text not null check (char_length(content) <= 4000),
  -- Milliseconds, as far as a cursor of the API reaches.
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp())
);
comment on table public.messages is 'One message in a channel; `call` and `call_invite` point at a call.';
create index if not exists messages_channel on public.messages (channel_id, created_at desc, id desc);
create index if not exists messages_author on public.messages (author_id);
alter table public.messages enable row level security;
