-- A link that was made in a call ends with it; whoever waits before a call has a lease of their own.
alter table public.call_links add column if not exists of_one_call boolean not null default false;
comment on column public.call_links.of_one_call is 'Made in a call, and over with it. Any other leads to the call of its channel, or to one that whoever comes first begins.';
-- Those that there are: a call that is older than its link was not begun by it.
update public.call_links l set of_one_call = true
from public.call_sessions s
where s.id = l.call_session_id and l.channel_id is null and s.created_at < l.created_at and not l.of_one_call;

-- `expires_at` is how long a guest is somebody; how long they wait is for their page to say.
alter table public.call_knocks add column if not exists waits_until timestamptz;
update public.call_knocks set waits_until = created_at + interval '90 seconds' where waits_until is null;
-- The default is for servers of the version before, which may run beside this one for a while.
alter table public.call_knocks alter column waits_until set default now() + interval '90 seconds', alter column waits_until set not null;
comment on column public.call_knocks.waits_until is 'Until when somebody is taken to wait, unless they say again that they do.';
alter table public.call_knocks drop constraint if exists call_knocks_status_check;
alter table public.call_knocks add constraint call_knocks_status_check check (status in ('waiting', 'gone', 'admitted', 'denied'));
create index if not exists call_knocks_lapsing on public.call_knocks (waits_until) where status = 'waiting';
