-- How a person is called.
create table if not exists public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  display_name text not null check (char_length(display_name) between 1 and 80),
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  updated_at timestamptz not null default date_trunc('milliseconds', clock_timestamp())
);
comment on table public.profiles is 'What others see of a person. Goes with the person; a tombstone keeps a profile that names nobody.';
alter table public.profiles enable row level security;
