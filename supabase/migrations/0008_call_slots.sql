-- One row a person: what making a call locks, in the order of the ids, so that two people who call each other at the
-- same moment wait for one another instead of making two calls. Also the counter of the person's inbox.
create table if not exists public.call_slots (
  user_id uuid primary key references auth.users (id) on delete cascade,
  inbox_seq bigint not null default 0 check (inbox_seq >= 0)
);
comment on table public.call_slots is 'The lock of a person for new calls, and the newest number of their inbox.';
alter table public.call_slots enable row level security;
