-- Making a call: the outcomes, as the server sees them.
begin;
select plan(25);
select tests.team('Acme', 'Ada', 'Grace', 'Linus', 'Ken');
select tests.team('Other', 'Mallory');

select is(tests.call('first', 'Ada', '{Grace}', 'video') ->> 'outcome', 'created', 'a call is made');
select results_eq($$ select status::text, call_type::text, agora_channel_name from public.call_sessions $$,
  $$ values ('ringing', 'video', 'room-' || tests.id('first')) $$, 'it rings, and Agora has a name for its room');
select results_eq('select state::text, joined_at is null from public.call_participants order by position',
  $$ values ('connecting', true), ('ringing', true) $$, 'nobody has joined before media flows');
select is(tests.call('first', 'Ada', '{Grace}', 'video') ->> 'outcome', 'repeated', 'the same key again makes none');
select is(tests.call('again', 'Ada', '{Grace}') -> 'record' ->> 'callType', 'video', 'another create finds it, with its first type');
select is(tests.call('back', 'Grace', '{Ada}') -> 'glare', 'true'::jsonb, 'calling back while it rings is glare');
select is(tests.call('late', 'Grace', '{Ada}', p_skew_ms => 30000) ->> 'outcome', 'stale', 'past its deadline it is to be settled first');
select is(tests.call('third', 'Linus', '{Ada}') -> 'record' ->> 'status', 'ringing', 'whoever sits in a call is rung');
select results_eq($$ select type from public.call_events where call_session_id = tests.id('third') order by seq $$,
  array['created', 'waiting'], 'quietly: the ledger says so');
select results_eq($$ select waiting from public.call_participants where call_session_id = tests.id('third') order by position $$,
  array[false, true], 'and the caller can see it');
select is(tests.call('fourth', 'Ken', '{Ada}') -> 'record' ->> 'endReason', 'busy', 'whom a call waits for already is busy');
select results_eq($$ select type from public.call_events where call_session_id = tests.id('fourth') order by seq $$,
  array['created', 'busy'], 'the ledger says so');
select is((select count(*) from public.call_sessions), 3::bigint, 'all of that made three calls');

select is(tests.call('x', 'Ada', '{Ada}') ->> 'code', 'recipient_is_self', 'nobody calls themselves');
select is(tests.call('x', 'Ada', '{}') ->> 'code', 'recipients_missing', 'a call of two needs a second one');
select is(tests.call('x', 'Ada', '{Grace,Linus}') ->> 'code', 'recipients_too_many', 'and no third');
select is(tests.call('x', 'Ada', '{Mallory}') ->> 'code', 'recipient_not_in_team', 'nobody is called across teams');
select is(tests.call('x', 'Ada', '{Mallory}', p_team => 'Other') ->> 'code', 'not_found', 'nobody calls into a team of others');
select is(tests.call('x', 'Ada', '{Linus}', p_channel => tests.id('Other general')) ->> 'code', 'not_found', 'nor into their channel');
select is((select count(*) from public.call_sessions), 3::bigint, 'what is refused writes no call');
select is_empty($$ select * from public.idempotency_keys where call_id = tests.id('x') $$, 'nor a key');

select throws_ok(
  $$ insert into public.call_sessions (team_id, call_type, initiator_id, room_name, ring_expires_at, pair_low, pair_high)
     select team_id, call_type, initiator_id, 'twin', ring_expires_at, pair_low, pair_high from public.call_sessions
     where id = tests.id('first') $$,
  '23505', null, 'a pair cannot have a second live call, whoever writes it');
select is(parley.lock_due_call('{}', 10000), null, 'before the deadline nothing is due');
select is(parley.lock_due_call(array[tests.id('third')], 31000) -> 'record' ->> 'id', tests.id('first')::text, 'after it the ring is');
select is(parley.lock_due_call(array[tests.id('first'), tests.id('third')], 31000), null, 'and nothing else');
select * from finish();
rollback;
