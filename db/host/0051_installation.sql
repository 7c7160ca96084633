-- What an installation must remember of itself.
create table if not exists parley.installation (
  name text primary key,
  value text not null,
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp())
);
comment on table parley.installation is 'Facts about this installation: `demo` says that it was seeded with the demo team, and stays demo.';
alter table parley.installation enable row level security;
revoke all on parley.installation from public, anon, authenticated;
