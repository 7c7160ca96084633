-- Links into calls, whoever waits before one, and the chat of a call.
create table if not exists public.call_links (
  id uuid primary key default gen_random_uuid(),
  -- SHA-256 in hex: who reads this table cannot use the links.
  token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  team_id uuid not null references public.teams (id) on delete cascade,
  channel_id uuid references public.channels (id) on delete cascade,
  call_type public.call_type not null check (call_type in ('group_audio', 'group_video')),
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  call_session_id uuid references public.call_sessions (id) on delete set null,
  constraint call_links_lasts check (expires_at > created_at)
);
comment on table public.call_links is 'A link into a call: of a channel, of the call that it was made in, or of one that its first member begins.';
comment on column public.call_links.call_session_id is 'The call that it led to last.';
create index if not exists call_links_team on public.call_links (team_id);
create index if not exists call_links_channel on public.call_links (channel_id) where channel_id is not null;
create index if not exists call_links_call on public.call_links (call_session_id) where call_session_id is not null;
create index if not exists call_links_created_by on public.call_links (created_by);
alter table public.call_links enable row level security;

create table if not exists public.call_knocks (
  id uuid primary key default gen_random_uuid(),
  link_id uuid not null references public.call_links (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  display_name text not null check (char_length(display_name) between 1 and 80),
  status text not null default 'waiting' check (status in ('waiting', 'admitted', 'denied')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  decided_by uuid references auth.users (id) on delete set null,
  call_session_id uuid references public.call_sessions (id) on delete set null
);
comment on table public.call_knocks is 'Somebody before a call, and what became of them.';
create index if not exists call_knocks_waiting on public.call_knocks (link_id, created_at) where status = 'waiting';
create index if not exists call_knocks_user on public.call_knocks (user_id, created_at desc);
create index if not exists call_knocks_decided_by on public.call_knocks (decided_by) where decided_by is not null;
create index if not exists call_knocks_call on public.call_knocks (call_session_id) where call_session_id is not null;
create index if not exists call_knocks_expired on public.call_knocks (expires_at);
alter table public.call_knocks enable row level security;

create table if not exists public.call_messages (
  id uuid primary key,
  call_session_id uuid not null references public.call_sessions (id) on delete cascade,
  author_id uuid not null references auth.users (id) on delete restrict,
  content text not null check (char_length(content) between 1 and 2000),
  created_at timestamptz not null
);
comment on table public.call_messages is 'The chat of a call; kept with it.';
create index if not exists call_messages_call on public.call_messages (call_session_id, created_at desc, id desc);
create index if not exists call_messages_author on public.call_messages (author_id);
alter table public.call_messages enable row level security;
drop policy if exists messages_of_calls_i_see on public.call_messages;
create policy messages_of_calls_i_see on public.call_messages for select to authenticated
  using (
    parley.takes_part(call_session_id) and parley.sees_call(call_session_id)
    -- Whoever was removed reads no further.
    and not exists (
      select from public.call_participants p
      where p.call_session_id = call_messages.call_session_id and p.user_id = (select auth.uid()) and p.barred
    )
  );

revoke all on public.call_links, public.call_knocks, public.call_messages from public, anon, authenticated, service_role;
grant select on public.call_messages to authenticated;
grant select, insert, update, delete on public.call_links, public.call_knocks, public.call_messages to service_role;

-- Seam: somebody without an account, who comes by a link. Null where the host takes no guests.
do $$
begin
  if to_regprocedure('parley.make_guest(text)') is null then
    create function parley.make_guest(p_name text) returns uuid
    language sql volatile security definer set search_path = ''
    as 'select null::uuid';
    comment on function parley.make_guest(text) is 'Seam: makes a guest. Null where the host takes none.';
  end if;
  if to_regprocedure('parley.tidy_guests(integer, bigint)') is null then
    create function parley.tidy_guests(p_limit integer default 1000, p_skew_ms bigint default 0) returns integer
    language sql volatile security definer set search_path = ''
    as 'select 0';
    comment on function parley.tidy_guests(integer, bigint) is 'Seam: clears away guests whose time is over.';
  end if;
end
$$;
revoke all on function parley.make_guest(text), parley.tidy_guests(integer, bigint) from public, anon, authenticated;
grant execute on function parley.make_guest(text), parley.tidy_guests(integer, bigint) to service_role;
