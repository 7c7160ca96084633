-- What clients may do with each table at all, before any policy is asked.
begin;
create temp table seen (name name) on commit drop;
insert into seen values ('call_sessions'), ('call_participants'), ('call_events'), ('call_notifications'),
  ('call_metrics'), ('devices'), ('device_instances'), ('call_rings'), ('profiles'), ('teams'), ('team_members'),
  ('channels'), ('messages');
create temp table unseen (name name) on commit drop;
insert into unseen values ('call_slots'), ('idempotency_keys'), ('server_heartbeat'), ('team_invitations');

select plan((2 * (select count(*) from seen) + 2 * (select count(*) from unseen) + 9)::int);

select table_privs_are('public', name, 'authenticated', array['SELECT'], 'people read ' || name || ', and no more') from seen;
select table_privs_are('public', name, 'anon', array[]::text[], 'anon has nothing on ' || name) from seen;
select table_privs_are('public', name, 'authenticated', array[]::text[], 'people have nothing on ' || name) from unseen;
select table_privs_are('public', name, 'anon', array[]::text[], 'anon has nothing on ' || name) from unseen;

select is_empty(
  $$ select c.relname from pg_class c where c.relnamespace in ('public'::regnamespace, 'auth'::regnamespace, 'parley'::regnamespace)
     and c.relkind = 'r' and not c.relrowsecurity $$,
  'row-level security is on for every table'
);
select is_empty(
  $$ select policyname from pg_policies where schemaname in ('public', 'auth', 'parley') and cmd <> 'SELECT' $$,
  'no policy lets anybody write'
);
select is_empty(
  $$ select policyname from pg_policies where schemaname in ('public', 'auth', 'parley') and roles <> '{authenticated}' $$,
  'every policy is for people who are signed in'
);
select is_empty(
  $$ select p.proname from pg_proc p where p.pronamespace = 'parley'::regnamespace and p.prosecdef
     and not coalesce(p.proconfig @> array['search_path=""'], false) $$,
  'functions with the rights of their owner pin their search path'
);
select is_empty(
  $$ select p.proname from pg_proc p where p.pronamespace = 'parley'::regnamespace and has_function_privilege('anon', p.oid, 'execute') $$,
  'anon calls no function of the calls'
);
select function_privs_are('parley', 'create_call',
  array['uuid', 'uuid', 'uuid', 'text', 'uuid', 'text', 'uuid', 'text', 'uuid', 'uuid', 'call_type', 'uuid[]',
    'media_engine', 'integer', 'integer', 'integer', 'bigint'],
  'authenticated', array[]::text[], 'people do not make calls by themselves');
select function_privs_are('parley', 'save_call', array['jsonb', 'jsonb', 'jsonb', 'jsonb'], 'authenticated',
  array[]::text[], 'people do not write calls');
select function_privs_are('parley', 'touch_instance', array['uuid', 'uuid', 'uuid', 'text', 'integer', 'bigint'],
  'authenticated', array[]::text[], 'people do not renew leases');
select table_privs_are('auth', 'users', 'authenticated', array[]::text[], 'people do not read the accounts');
select * from finish();
rollback;
