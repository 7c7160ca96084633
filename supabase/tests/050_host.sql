-- Teams, people, channels and messages of the host.
begin;
select plan(26);
select tests.team('Acme', 'Ada', 'Grace', 'Linus');
select tests.team('Other', 'Linus', 'Mallory');
select tests.direct('Acme', 'Ada', 'Grace');
insert into public.messages (channel_id, author_id, content) values
  (tests.id('Acme general'), tests.id('Ada'), 'to all'),
  (tests.id('Ada and Grace'), tests.id('Grace'), 'to one');
insert into public.team_invitations (team_id, token_hash, expires_at)
values (tests.id('Acme'), repeat('0', 64), now() + interval '1 day');

select tests.act_as('Ada');
select results_eq('select name from public.teams', array['Acme'], 'one sees one''s teams');
select set_eq('select user_id from public.team_members', array[tests.id('Ada'), tests.id('Grace'), tests.id('Linus')],
  'and who is in them, without the policy asking itself');
select set_eq('select display_name from public.profiles', array['Ada', 'Grace', 'Linus'], 'and how they are called');
select set_eq('select id from public.channels', array[tests.id('Acme general'), tests.id('Ada and Grace')],
  'and the team''s channels, and one''s own direct ones');
select set_eq('select content from public.messages', array['to all', 'to one'], 'and what is written there');
select set_eq('select display_name from parley.people', array['Ada', 'Grace', 'Linus'], 'the seam shows no more people');

select tests.act_as('Linus');
select set_eq('select name from public.teams', array['Acme', 'Other'], 'whoever is in two teams sees both');
select set_eq('select id from public.channels', array[tests.id('Acme general'), tests.id('Other general')],
  'a direct channel of two others does not exist');
select results_eq('select content from public.messages', array['to all'], 'nor what they write to each other');

select tests.act_as('Mallory');
select results_eq('select name from public.teams', array['Other'], 'another team does not exist');
select set_eq('select user_id from public.team_members', array[tests.id('Linus'), tests.id('Mallory')], 'nor its people');
select set_eq('select display_name from public.profiles', array['Linus', 'Mallory'], 'nor their names');
select is_empty('select * from public.messages', 'nor its messages');
select throws_ok('select * from public.team_invitations', '42501', null, 'nobody reads invitations');
select throws_ok('select * from auth.users', '42501', null, 'nobody reads accounts');
select throws_ok('select * from parley.channel_access', '42501', null, 'nobody reads who sees what');
select throws_ok('select * from parley.migrations', '42501', null, 'nobody reads the migrations');
select throws_ok(
  $$ insert into public.team_members (team_id, user_id, role) values (tests.id('Acme'), tests.id('Mallory'), 'owner') $$,
  '42501', null, 'nobody lets themselves into a team');
select throws_ok($$ update public.team_members set role = 'owner' $$, '42501', null, 'nobody makes themselves its owner');
select throws_ok(
  $$ insert into public.messages (channel_id, author_id, content) values (tests.id('Other general'), tests.id('Linus'), 'not I') $$,
  '42501', null, 'nobody writes in somebody else''s name');
select throws_ok($$ update public.profiles set display_name = 'Ada' $$, '42501', null, 'nobody takes a name by hand');

select tests.act_as_server();
delete from public.team_members where user_id = tests.id('Ada');
select tests.act_as('Grace');
select ok(exists (select from public.profiles where display_name = 'Ada'), 'whoever wrote here keeps their name here');
select tests.act_as('Ada');
select is_empty('select * from public.messages', 'whoever has left reads no more, not even in the direct channel');

select tests.act_as_anon();
select throws_ok('select * from public.teams', '42501', null, 'whoever is not signed in sees no team');
select throws_ok('select * from public.profiles', '42501', null, 'nor anybody');

select tests.act_as_server();
select throws_ok(
  $$ select tests.direct('Acme', 'Grace', 'Ada') $$, '23505', null, 'two people have one direct channel, in whatever order');
select * from finish();
rollback;
