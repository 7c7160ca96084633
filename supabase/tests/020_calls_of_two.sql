-- A call of two is seen by these two. To everybody else it does not exist, and nobody writes it by hand.
begin;
select plan(29);
select tests.team('Acme', 'Ada', 'Grace', 'Linus');
select tests.call('the call', 'Ada', '{Grace}', 'audio', tests.id('Acme general'));

select tests.act_as('Ada');
select results_eq('select id from public.call_sessions', array[tests.id('the call')], 'the caller sees the call');
select results_eq('select user_id from public.call_participants order by position',
  array[tests.id('Ada'), tests.id('Grace')], 'the caller sees who takes part');
select results_eq('select type from public.call_events', array['created'], 'the caller sees what happened');
select is(parley.call_json(tests.id('the call')) #>> '{participants,1,displayName}', 'Grace', 'the caller reads names');

select tests.act_as('Grace');
select results_eq('select id from public.call_sessions', array[tests.id('the call')], 'the callee sees the call');
select results_eq('select count(*) from public.call_participants', array[2::bigint], 'the callee sees who takes part');
select results_eq('select type from public.call_events', array['created'], 'the callee sees what happened');
select is(parley.call_json(tests.id('the call')) #> '{participants,0,leaseExpiresAt}', 'null'::jsonb,
  'the callee does not see the lease of the caller');

select tests.act_as('Linus');
select is_empty('select * from public.call_sessions', 'another member of the team sees no call, though it is in a channel');
select is_empty('select * from public.call_participants', 'nor who takes part');
select is_empty('select * from public.call_events', 'nor what happened');
select is(parley.call_json(tests.id('the call')), null, 'nor anything by way of the function');
select is_empty($$ select * from parley.names_in_call(tests.id('the call')) $$, 'nor a name');
select is(parley.events_json(tests.id('the call'), 0), '[]'::jsonb, 'nor its events');

-- The guide's own policy would have let these through.
select tests.act_as('Ada');
select throws_ok(
  $$ insert into public.call_sessions (team_id, call_type, initiator_id, room_name, status, connected_at, pair_low, pair_high)
     values (tests.id('Acme'), 'audio', tests.id('Ada'), 'mine', 'connected', now(), tests.id('Ada'), tests.id('Grace')) $$,
  '42501', null, 'nobody inserts a call that is connected');
select throws_ok(
  $$ insert into public.call_sessions (team_id, call_type, initiator_id, room_name)
     values (tests.id('Acme'), 'group_audio', tests.id('Grace'), 'hers') $$,
  '42501', null, 'nobody inserts a call in somebody else''s name');
select throws_ok($$ update public.call_sessions set status = 'connected' $$, '42501', null, 'nobody sets a status');
select throws_ok($$ delete from public.call_sessions $$, '42501', null, 'nobody deletes a call');
select throws_ok($$ update public.call_participants set joined_at = now() $$, '42501', null, 'nobody joins by hand');
select throws_ok(
  $$ insert into public.call_participants (call_session_id, user_id, position, state)
     values (tests.id('the call'), tests.id('Linus'), 2, 'ringing') $$,
  '42501', null, 'nobody adds a participant');
select throws_ok(
  $$ insert into public.call_events (call_session_id, seq, type, at) values (tests.id('the call'), 2, 'ended', now()) $$,
  '42501', null, 'nobody appends an event');
select throws_ok(
  $$ insert into public.call_notifications (call_session_id, user_id, type, seq)
     values (tests.id('the call'), tests.id('Grace'), 'missed', 1) $$,
  '42501', null, 'nobody writes into an inbox');
select throws_ok($$ select parley.save_call('{}', '[]', '[]', null) $$, '42501', null, 'nobody calls the server''s functions');
select throws_ok($$ select tests.call('forged', 'Grace', '{Linus}') $$, '42501', null, 'nobody makes a call in somebody else''s name');
select throws_ok($$ select * from public.call_slots $$, '42501', null, 'nobody reads the slots');
select throws_ok($$ select * from public.idempotency_keys $$, '42501', null, 'nobody reads the keys');

select tests.act_as_anon();
select throws_ok('select * from public.call_sessions', '42501', null, 'whoever is not signed in reads no call');
select throws_ok('select * from public.call_events', '42501', null, 'nor events');

select tests.act_as_server();
delete from public.team_members where user_id = tests.id('Grace');
select tests.act_as('Grace');
select results_eq('select id from public.call_sessions', array[tests.id('the call')],
  'whoever has left the team keeps the history of calls of their own');
select * from finish();
rollback;
