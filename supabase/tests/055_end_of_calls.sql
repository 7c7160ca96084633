-- A call of two leaves one message in their direct channel, whatever ended it.
begin;
select plan(16);
select tests.team('Acme', 'Ada', 'Grace', 'Linus', 'Ken');
select tests.call('first', 'Ada', '{Grace}', 'video', tests.id('Acme general'));
select is_empty('select * from public.messages', 'a call that rings says nothing');
select tests.finish_call('first');

select tests.act_as('Grace');
select results_eq('select content, call ->> ''id'' from public.messages',
  format('values (%L, %L)', 'Video call', tests.id('first')), 'the callee reads of its end');
select results_eq('select kind from public.channels where id in (select channel_id from public.messages)', array['direct'],
  'in the direct channel, not in the one where it was made');
select throws_ok($$ update public.messages set call = '{}' $$, '42501', null, 'nobody rewrites what became of a call');
select throws_ok($$ select parley.call_over('{}') $$, '42501', null, 'nobody says that a call has ended');
select throws_ok($$ select parley.call_message(tests.id('first')) $$, '42501', null, 'nor asks past their own rights what it left');
select tests.act_as('Ada');
select results_eq('select content from public.messages', array['Video call'], 'the caller reads of it too');
select tests.act_as('Linus');
select is_empty('select * from public.messages', 'others read nothing of it');

select tests.act_as_server();
select lives_ok(
  $$ update public.call_sessions set status = status where id = tests.id('first') $$,
  'a call that has ended does not end again');
select parley.call_over(jsonb_build_object(
  'id', tests.id('first'), 'teamId', s.team_id, 'initiatorId', s.initiator_id, 'pairLow', s.pair_low,
  'pairHigh', s.pair_high, 'callType', 'video', 'status', s.status, 'endReason', s.end_reason,
  'durationSeconds', null, 'endedAt', 0)) from public.call_sessions s where s.id = tests.id('first');
select results_eq('select count(*) from public.messages', array[1::bigint], 'nor does it say so twice');

select is(parley.call_message(tests.id('nowhere')), null, 'a call that left nothing has no message');
-- Grace sits in a call with Linus, for whom another one waits: busy ends at once.
select tests.call('second', 'Linus', '{Grace}');
select tests.call('waiting', 'Ken', '{Linus}');
select tests.call('third', 'Ada', '{Linus}');
select results_eq($$ select call ->> 'endReason' from public.messages where call ->> 'id' = tests.id('third')::text $$,
  array['busy'], 'a call that ends as it is made leaves one too');
select tests.call('group', 'Ada', '{}', 'group_audio', tests.id('Acme general'));
select tests.finish_call('group');
select results_eq($$ select channel_id from public.messages where call ->> 'id' = tests.id('group')::text $$,
  array[tests.id('Acme general')], 'a group call leaves one in its channel');
select tests.call('elsewhere', 'Ada', '{}', 'group_audio');
select tests.finish_call('elsewhere');
select is_empty($$ select * from public.messages where call ->> 'id' = tests.id('elsewhere')::text $$,
  'and none where it had no channel');
delete from public.team_members where user_id = tests.id('Grace');
select tests.finish_call('second');
select is_empty($$ select * from public.messages where call ->> 'id' = tests.id('second')::text $$,
  'whoever has left the team gets no new channel in it');
select throws_ok(
  $$ insert into public.messages (channel_id, author_id, type, content) values (tests.id('Acme general'), tests.id('Ada'), 'call', '') $$,
  '23514', null, 'a message of a call says of which');
select * from finish();
rollback;
