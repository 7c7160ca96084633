-- The part of Supabase Auth that the calls rest on: people, and who speaks in this transaction.
create schema if not exists auth;
comment on schema auth is 'Stands in for Supabase Auth.';
revoke all on schema auth from public;
grant usage on schema auth to anon, authenticated, service_role;

create table if not exists auth.users (
  id uuid primary key default gen_random_uuid(),
  email text unique,
  is_anonymous boolean not null default false,
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  deleted_at timestamptz,
  constraint users_anonymous_has_no_email check (not is_anonymous or email is null)
);
comment on table auth.users is 'A person. A deleted one stays as a tombstone, so that the history of others keeps its meaning.';
comment on column auth.users.email is 'Lower case; null for guests and tombstones.';
comment on column auth.users.deleted_at is 'Since when this row is a tombstone; null for somebody who is there.';
alter table auth.users enable row level security;

-- Whom a foreign issuer means. Its subjects are text and its own business; ours are UUIDs.
create table if not exists auth.issuer_subjects (
  issuer text not null,
  subject text not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  primary key (issuer, subject)
);
create index if not exists issuer_subjects_user on auth.issuer_subjects (user_id);
comment on table auth.issuer_subjects is 'The person behind a token''s (iss, sub); written when such a token is first seen.';
alter table auth.issuer_subjects enable row level security;

revoke all on auth.users, auth.issuer_subjects from public, anon, authenticated;
grant all on auth.users, auth.issuer_subjects to service_role;

-- The claims of the access token of this transaction, as PostgREST and our server set them.
create or replace function auth.jwt() returns jsonb
language sql stable
as $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;

create or replace function auth.uid() returns uuid
language sql stable
as $$ select nullif(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', '')::uuid $$;

create or replace function auth.role() returns text
language sql stable
as $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' $$;

comment on function auth.jwt() is 'Claims of the token in whose name this transaction runs; null for the server itself.';
comment on function auth.uid() is 'The person in whose name this transaction runs; null for the server itself.';
comment on function auth.role() is 'The role that the token names; null for the server itself.';
revoke all on function auth.jwt(), auth.uid(), auth.role() from public;
grant execute on function auth.jwt(), auth.uid(), auth.role() to anon, authenticated, service_role;
