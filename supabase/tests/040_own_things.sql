-- Inbox, devices, leases, rings and measurements are their owner's business.
begin;
select plan(16);
select tests.team('Acme', 'Ada', 'Grace', 'Linus', 'Ken');
select tests.call('first', 'Grace', '{Linus}');
-- Linus is being called, and Grace sits in that call. Ken's waits, so that Ada finds her busy.
select tests.call('waiting', 'Ken', '{Grace}');
select tests.call('second', 'Ada', '{Grace}');
insert into public.call_metrics (call_session_id, user_id, packet_loss_percent, network_type, device_type)
values (tests.id('first'), tests.id('Grace'), 1.25, 'wifi', 'web');

select tests.act_as('Grace');
select results_eq('select type::text, seq from public.call_notifications', $$ values ('missed', 1::bigint) $$,
  'whoever was busy finds the call in their inbox');
select results_eq('select id from public.devices', array[tests.id('Grace device')], 'one sees one''s devices');
select results_eq('select id from public.device_instances', array[tests.id('Grace instance')], 'and their leases');
select results_eq('select packet_loss_percent from public.call_metrics', array[1.25], 'and what they measured');
select results_eq('select call_session_id from public.call_rings', array[tests.id('waiting')], 'for whoever is busy one call rings, and no other');
select throws_ok('update public.call_notifications set read_at = now()', '42501', null, 'the inbox is marked by the server');
select throws_ok($$ update public.device_instances set lease_expires_at = 'infinity' $$, '42501', null,
  'nobody gives themselves a lease');
select throws_ok(
  $$ insert into public.call_metrics (call_session_id, user_id) values (tests.id('first'), tests.id('Grace')) $$,
  '42501', null, 'measurements go through the server');

select tests.act_as('Ada');
select results_eq('select type::text, seq from public.call_notifications', $$ values ('rejected', 1::bigint) $$,
  'the caller finds that the call was turned down');
select results_eq('select id from public.devices', array[tests.id('Ada device')], 'nobody sees the devices of others');

select tests.act_as('Linus');
select is_empty('select * from public.call_notifications', 'nobody sees the inbox of others');
select results_eq('select device_id from public.call_rings', array[tests.id('Linus device')], 'one sees what rings for oneself');
select is_empty('select * from public.call_metrics', 'the other side''s measurements stay theirs');
select results_eq('select id from public.device_instances', array[tests.id('Linus instance')], 'nobody sees the leases of others');

select tests.act_as('Ada');
select is_empty('select * from public.call_rings', 'the caller does not see on which devices it rings');

select tests.act_as_anon();
select throws_ok('select * from public.call_notifications', '42501', null, 'whoever is not signed in has no inbox');
select * from finish();
rollback;
