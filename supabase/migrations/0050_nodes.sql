-- Several server processes on one database.

-- One Redis may serve several installations: this tells them apart.
alter table public.server_heartbeat add column if not exists installation uuid not null default gen_random_uuid();
comment on column public.server_heartbeat.installation is 'Names this installation on a Redis that it shares with others.';

-- Which calls have changed lately: each node compares them with what it has been told of.
create index if not exists call_events_at on public.call_events (at);
