-- Accounts that the server keeps itself. The first four tables are the auth library's, with its names for them; a test holds
-- them against what the library asks for. Nobody but the server reads any of this.
create schema if not exists identity;
comment on schema identity is 'Built-in accounts: the auth library''s tables, refresh tokens, secrets of the installation.';
revoke all on schema identity from public;

create table if not exists identity."user" (
  id uuid primary key default pg_catalog.gen_random_uuid(),
  name text not null,
  email text not null unique,
  "emailVerified" boolean not null,
  image text,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp
);
comment on table identity."user" is 'An account. Its id is auth.users.id: a trigger writes both in one transaction.';

create table if not exists identity.session (
  id uuid primary key default pg_catalog.gen_random_uuid(),
  "expiresAt" timestamptz not null,
  token text not null unique,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" uuid not null references identity."user" (id) on delete cascade
);
comment on table identity.session is 'Somebody signed in somewhere; its end takes the refresh tokens with it.';
create index if not exists "session_userId_idx" on identity.session ("userId");

create table if not exists identity.account (
  id uuid primary key default pg_catalog.gen_random_uuid(),
  "accountId" text not null,
  "providerId" text not null,
  "userId" uuid not null references identity."user" (id) on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  scope text,
  password text,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null
);
comment on table identity.account is 'A way to sign in to an account; `password` is a scrypt hash.';
create index if not exists "account_userId_idx" on identity.account ("userId");

create table if not exists identity.verification (
  id uuid primary key default pg_catalog.gen_random_uuid(),
  identifier text not null,
  value text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp
);
comment on table identity.verification is 'The auth library''s short-lived proofs.';
create index if not exists verification_identifier_idx on identity.verification (identifier);

-- Our own from here on.
create table if not exists identity.refresh_tokens (
  -- SHA-256 in hex: who reads this table cannot use the tokens.
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  session_id uuid not null references identity.session (id) on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  used_at timestamptz
);
comment on table identity.refresh_tokens is 'The tokens of a session: each is good for one exchange, and for ten seconds after it.';
create index if not exists refresh_tokens_session on identity.refresh_tokens (session_id, used_at);

create table if not exists identity.secrets (
  name text primary key,
  value text not null
);
comment on table identity.secrets is 'Keys that this installation made for itself; a copy of the database must be kept as safe as they are.';

alter table identity."user" enable row level security;
alter table identity.session enable row level security;
alter table identity.account enable row level security;
alter table identity.verification enable row level security;
alter table identity.refresh_tokens enable row level security;
alter table identity.secrets enable row level security;
revoke all on all tables in schema identity from public, anon, authenticated;

-- The account and the person are one: written in one transaction, under one id.
create or replace function identity.make_person() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into auth.users (id, email) values (new.id, new.email);
  insert into public.profiles (id, display_name) values (new.id, new.name);
  return new;
end
$$;
comment on function identity.make_person() is 'Writes auth.users and the profile of a new account.';
revoke all on function identity.make_person() from public;

create or replace trigger make_person after insert on identity."user"
  for each row execute function identity.make_person();
