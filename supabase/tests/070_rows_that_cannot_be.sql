-- States that no machine could have made do not get into the tables, whoever writes them; and what a deletion does.
begin;
select plan(26);
select tests.team('Acme', 'Ada', 'Grace');
select tests.call('the call', 'Ada', '{Grace}');

select throws_ok($$ update public.call_sessions set status = 'connected' $$, '23514', null, 'connected without a time');
select throws_ok($$ update public.call_sessions set status = 'ended', ring_expires_at = null $$, '23514', null, 'ended without an end');
select throws_ok($$ update public.call_sessions set ended_at = now(), end_reason = 'hangup' $$, '23514', null, 'ringing and over');
select throws_ok($$ update public.call_sessions set ring_expires_at = null $$, '23514', null, 'ringing for ever');
select throws_ok($$ update public.call_sessions set duration_seconds = 1 $$, '23514', null, 'a duration while it rings');
select throws_ok($$ update public.call_sessions set pair_low = pair_high $$, '23514', null, 'a pair of one');
select throws_ok($$ update public.call_sessions set pair_low = null, pair_high = null $$, '23514', null, 'two people without a pair');
select throws_ok($$ update public.call_sessions set packet_loss_percent = 100.5 $$, '23514', null, 'more lost than sent');
select throws_ok($$ update public.call_sessions set room_name = 'with spaces in it' $$, '23514', null, 'a room that no engine takes');
select throws_ok($$ update public.call_sessions set agora_channel_name = 'other' $$, '428C9', null, 'another room for Agora');
select throws_ok($$ update public.call_participants set state = 'joined' where position = 0 $$, '23514', null, 'joined without a time');
select throws_ok($$ update public.call_participants set state = 'connecting' where position = 1 $$, '23514', null, 'connecting without a seat');
select throws_ok($$ update public.call_participants set instance_id = null, device_id = null where position = 0 $$, '23514', null, 'a seat that is nowhere');
select throws_ok($$ update public.call_participants set state = 'left', device_id = null, instance_id = null where position = 0 $$, '23514', null, 'left at no time');
select throws_ok($$ insert into public.call_participants (call_session_id, user_id, position, state) select call_session_id, user_id, 2, state from public.call_participants where position = 1 $$, '23505', null, 'the same person twice');
select throws_ok($$ delete from public.device_instances where id = tests.id('Ada instance') $$, '23503', null, 'a seat whose instance is gone');
select throws_ok($$ insert into public.call_metrics (call_session_id, user_id, packet_loss_percent) values (tests.id('the call'), tests.id('Ada'), -1) $$, '23514', null, 'less lost than nothing');
select throws_ok($$ insert into public.call_metrics (call_session_id, user_id, network_type) values (tests.id('the call'), tests.id('Ada'), 'pigeon') $$, '23514', null, 'an unknown network');
select throws_ok($$ update public.call_events set type = 'ended' $$, '23001', null, 'history that changes');
select throws_ok($$ delete from public.call_events $$, '23001', null, 'history that goes');
select throws_ok($$ insert into public.call_events (call_session_id, seq, type, at) values (tests.id('the call'), 2, 'created', now()) $$, '23514', null, 'created twice');
select throws_ok($$ insert into public.call_events (call_session_id, seq, type, at) values (tests.id('the call'), 2, 'reconciled', now()) $$, '23514', null, 'an event that the machine does not know');
select lives_ok($$ insert into public.call_events (call_session_id, seq, type, at) values (tests.id('the call'), 2, 'media_reconciled', now()) $$, 'the newest that it knows');
select throws_matching($$ delete from auth.users where id = tests.id('Grace') $$, 'call_participants', 'a person who is part of the history stays');

update auth.users set deleted_at = now(), email = null where id = tests.id('Grace');
select results_eq('select count(*) from public.call_participants', array[2::bigint], 'a tombstone keeps its place in the call');
delete from public.teams where id = tests.id('Acme');
select is_empty('select call_session_id from public.call_events union all select id from public.call_sessions', 'a team takes its calls along');
select * from finish();
rollback;
