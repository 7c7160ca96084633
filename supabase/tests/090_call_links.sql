-- Links, knocks and guests: nobody reads a link, a guest sees the one call once they were let in, and nothing of the team.
begin;
select plan(11);
select tests.team('Acme', 'Ada', 'Grace');
select tests.call('open', 'Ada', '{}', 'group_video');
insert into public.call_links (token_hash, team_id, call_type, created_by, call_session_id, created_at, expires_at)
values (repeat('a', 64), tests.id('Acme'), 'group_video', tests.id('Ada'), tests.id('open'), now(), now() + interval '1 day');
create temporary table guest as select parley.make_guest('Eve') as id;
grant select on guest to authenticated;
insert into public.call_knocks (link_id, user_id, display_name, created_at, expires_at)
select l.id, g.id, 'Eve', now(), now() + interval '1 hour' from public.call_links l, guest g;
insert into public.call_messages (id, call_session_id, author_id, content, created_at)
values (gen_random_uuid(), tests.id('open'), tests.id('Ada'), 'hello', now());

select results_eq('select is_anonymous from auth.users where id = (select id from guest)', array[true], 'a guest has no account');
select results_eq('select display_name from parley.people where id = (select id from guest)', array['Eve'], 'and a name');

create function tests.act_as_guest() returns void language plpgsql as $$
begin
  perform set_config('request.jwt.claims', jsonb_build_object('sub', (select id from guest), 'role', 'authenticated')::text, true);
  perform set_config('role', 'authenticated', true);
end $$;
select tests.act_as_guest();
select is_empty('select * from public.call_sessions', 'who waits sees no call');
select is_empty('select * from public.call_messages', 'nor what is said there');
select throws_ok('select * from public.call_links', '42501', null, 'nobody reads links');
select throws_ok('select * from public.call_knocks', '42501', null, 'nor who waits');

select tests.act_as_server();
insert into public.call_participants (call_session_id, user_id, position, state, is_guest)
select tests.id('open'), id, 1, 'invited', true from guest;
select tests.act_as_guest();
select results_eq('select id from public.call_sessions', array[tests.id('open')], 'who was let in sees the call');
select results_eq('select content from public.call_messages', array['hello'], 'and its chat');
select is_empty('select * from public.team_members', 'and nobody of the team');

select tests.act_as_server();
update public.call_participants set state = 'left', left_at = clock_timestamp() where user_id = (select id from guest);
select tests.act_as_guest();
select is_empty('select * from public.call_sessions', 'who is out again sees it no more');
select tests.act_as_server();
select is(parley.tidy_guests(10, 7200000), 1, 'and is gone when their time is over');
select * from finish();
rollback;
