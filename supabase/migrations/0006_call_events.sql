-- Everything that a call has accepted, in order: audit trail, outbox, what a client resumes from, and what the rows
-- can be built from again.
create table if not exists public.call_events (
  call_session_id uuid not null references public.call_sessions (id) on delete cascade,
  seq integer not null check (seq >= 1),
  type text not null check (
    type in (
      'created', 'accepted', 'declined', 'cancelled', 'timed_out', 'busy', 'media_connected', 'media_state', 'left',
      'dropped', 'ended', 'invited', 'removed', 'media_plan'
    )
  ),
  actor_id uuid references auth.users (id) on delete restrict,
  -- No foreign keys: the log remembers devices that have been cleared away since.
  device_id uuid,
  instance_id uuid,
  at timestamptz not null,
  data jsonb not null default '{}' check (jsonb_typeof(data) = 'object'),
  primary key (call_session_id, seq),
  constraint call_events_created_first check ((seq = 1) = (type = 'created'))
);
comment on table public.call_events is 'Accepted events of a call, gapless from 1. Appended to, never changed; holds no session descriptions and no tokens.';
comment on column public.call_events.actor_id is 'Who did it; null for what the server found (time ran out, somebody dropped).';
comment on column public.call_events.at is 'The database''s clock when it was accepted; a replay uses it as now.';
create index if not exists call_events_actor on public.call_events (actor_id) where actor_id is not null;
alter table public.call_events enable row level security;

-- The owner of a table is not held back by grants. An event goes only together with its call.
create or replace function parley.refuse_change() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if tg_op = 'DELETE' and pg_trigger_depth() > 1 then
    return old;
  end if;
  raise exception 'call_events is append-only' using errcode = 'restrict_violation';
end
$$;
comment on function parley.refuse_change() is 'Keeps call_events append-only; a deletion of the whole call passes.';
revoke all on function parley.refuse_change() from public;

drop trigger if exists call_events_append_only on public.call_events;
create trigger call_events_append_only before update or delete on public.call_events
  for each row execute function parley.refuse_change();
