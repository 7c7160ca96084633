-- Telling one device of one call.
create table if not exists public.call_rings (
  ring_id uuid primary key default gen_random_uuid(),
  call_session_id uuid not null references public.call_sessions (id) on delete cascade,
  user_id uuid not null,
  device_id uuid not null,
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  expires_at timestamptz not null,
  ready_at timestamptz,
  ready_instance_id uuid,
  constraint call_rings_device_once unique (call_session_id, user_id, device_id),
  constraint call_rings_device foreign key (user_id, device_id) references public.devices (user_id, id) on delete cascade,
  constraint call_rings_ready check ((ready_at is null) = (ready_instance_id is null))
);
comment on table public.call_rings is 'A ring: one for each device of each person who is called. The call''s own state says whether it still rings.';
comment on column public.call_rings.ready_at is 'When the device said that it can take part.';
create index if not exists call_rings_of_device on public.call_rings (user_id, device_id);
alter table public.call_rings enable row level security;
