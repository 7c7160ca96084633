-- Installations of the app, and running copies of them.
create table if not exists public.devices (
  -- Devices go with their person.
  user_id uuid not null references auth.users (id) on delete cascade,
  id uuid not null,
  platform text check (platform in ('web', 'ios', 'android')),
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  last_seen_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  -- The client makes the id and others come to know it, so that it proves nothing: two people who sign in with the
  -- same browser each have a row, and nobody can take a device away from somebody by naming it.
  primary key (user_id, id)
);
comment on table public.devices is 'An installation in the hands of one person. Devices seen lately ring.';
create index if not exists devices_seen on public.devices (user_id, last_seen_at desc);
alter table public.devices enable row level security;

create table if not exists public.device_instances (
  user_id uuid not null,
  id uuid not null,
  device_id uuid not null,
  lease_expires_at timestamptz not null,
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  primary key (user_id, id),
  -- A device takes its instances along, unless one of them holds a seat.
  constraint device_instances_device foreign key (user_id, device_id) references public.devices (user_id, id) on delete cascade
);
comment on table public.device_instances is 'A running copy: a tab, a running app. The lease is its right to count as present.';
comment on column public.device_instances.lease_expires_at is 'Without a sign of life until then, it is gone, and whoever sits there has dropped.';
create index if not exists device_instances_device_of on public.device_instances (user_id, device_id);
create index if not exists device_instances_lease on public.device_instances (lease_expires_at);
alter table public.device_instances enable row level security;
