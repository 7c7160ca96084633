-- Words of the stories: people by name, teams, calls, and in whose name the next statements run. Kept in a schema of
-- its own, which no migration makes.
begin;
create schema if not exists tests;
grant usage on schema tests to anon, authenticated;

-- The same name is the same person in every story; a story's rows are rolled back at its end.
create or replace function tests.id(p_name text) returns uuid
language sql immutable
as $$ select md5('parley ' || p_name)::uuid $$;

create or replace function tests.person(p_name text) returns uuid
language plpgsql
as $$
begin
  insert into auth.users (id, email) values (tests.id(p_name), lower(p_name) || '@example.test');
  insert into public.profiles (id, display_name) values (tests.id(p_name), p_name);
  perform parley.touch_instance(
    tests.id(p_name), tests.id(p_name || ' device'), tests.id(p_name || ' instance'), null, 30000
  );
  return tests.id(p_name);
end
$$;

-- A team of people who are made with it, and its channel: tests.id('Acme') and tests.id('Acme general').
create or replace function tests.team(p_name text, variadic p_people text[]) returns uuid
language plpgsql
as $$
begin
  insert into public.teams (id, name) values (tests.id(p_name), p_name);
  insert into public.channels (id, team_id, name) values (tests.id(p_name || ' general'), tests.id(p_name), 'general');
  perform tests.person(person) from unnest(p_people) person
    where not exists (select from auth.users u where u.id = tests.id(person));
  insert into public.team_members (team_id, user_id) select tests.id(p_name), tests.id(person) from unnest(p_people) person;
  return tests.id(p_name);
end
$$;

create or replace function tests.direct(p_team text, p_one text, p_other text) returns uuid
language sql
as $$
  insert into public.channels (id, team_id, kind, direct_low, direct_high)
  values (
    tests.id(p_one || ' and ' || p_other), tests.id(p_team), 'direct',
    least(tests.id(p_one), tests.id(p_other)), greatest(tests.id(p_one), tests.id(p_other))
  ) returning id
$$;

-- The server places a call; its id is tests.id(p_call).
create or replace function tests.call(
  p_call text, p_from text, p_to text[], p_type public.call_type default 'audio', p_channel uuid default null,
  p_team text default 'Acme', p_skew_ms bigint default 0
) returns jsonb
language sql
as $$
  select parley.create_call(
    tests.id(p_from), tests.id(p_from || ' device'), tests.id(p_from || ' instance'), null,
    tests.id('key of ' || p_call), repeat('a', 64), tests.id(p_call), 'room-' || tests.id(p_call),
    tests.id(p_team), p_channel, p_type, (select coalesce(array_agg(tests.id(person)), '{}') from unnest(p_to) person),
    'p2p', 30000, 30000, 3, p_skew_ms
  )
$$;

create or replace function tests.act_as(p_name text) returns void
language plpgsql
as $$
begin
  perform set_config('request.jwt.claims', jsonb_build_object('sub', tests.id(p_name), 'role', 'authenticated')::text, true);
  perform set_config('role', 'authenticated', true);
end
$$;

create or replace function tests.act_as_anon() returns void
language plpgsql
as $$
begin
  perform set_config('request.jwt.claims', jsonb_build_object('role', 'anon')::text, true);
  perform set_config('role', 'anon', true);
end
$$;

create or replace function tests.act_as_server() returns void
language plpgsql
as $$
begin
  perform set_config('role', 'none', true);
  perform set_config('request.jwt.claims', '', true);
end
$$;
commit;

begin;
select plan(3);
select tests.person('Ada');
select tests.act_as('Ada');
select is(auth.uid(), tests.id('Ada'), 'acting as a person, the claims are theirs');
select is(current_user::text, 'authenticated', 'acting as a person, the role is a client''s');
select tests.act_as_server();
select is(auth.uid(), null, 'the server has no claims');
select * from finish();
rollback;
