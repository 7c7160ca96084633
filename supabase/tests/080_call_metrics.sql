-- Measurements: told to the server, kept by device, read by their owner alone.
begin;
select plan(13);
select tests.team('Acme', 'Ada', 'Grace', 'Linus');
select tests.call('the call', 'Ada', '{Grace}');

select is(parley.save_metrics(tests.id('the call'), tests.id('Linus'), null, tests.id('Linus'), '{"sequence": 1}', 3600000),
  'unknown', 'whoever takes no part tells nothing');
select is(parley.save_metrics(tests.id('the call'), tests.id('Ada'), tests.id('Ada device'), tests.id('Ada instance'),
  '{"sequence": 1, "join_latency_ms": 400, "avg_bitrate_kbps": 100, "packet_loss_percent": 2}', 3600000),
  'kept', 'a participant does');
select is(parley.save_metrics(tests.id('the call'), tests.id('Ada'), tests.id('Ada device'), tests.id('Ada instance'),
  '{"sequence": 3, "closed": true, "packet_loss_percent": 4}', 3600000),
  'closed', 'and closes');
select is(parley.save_metrics(tests.id('the call'), tests.id('Ada'), tests.id('Ada device'), tests.id('Ada instance'),
  '{"sequence": 2, "closed": false, "packet_loss_percent": 9, "rating": "fair"}', 3600000),
  'kept rated', 'what comes late is no error');
select is(parley.save_metrics(tests.id('the call'), tests.id('Ada'), tests.id('Ada device'), tests.id('Ada instance'),
  '{"rating": "fair", "rating_reasons": ["echo"]}', 3600000),
  'kept', 'the same rating with a reason is no new one');
select results_eq(
  'select sequence, closed, join_latency_ms, packet_loss_percent, rating from public.call_metrics',
  $$ values (3, true, 400, 4.00, 'fair') $$, 'and replaces no figures, but a rating counts');
select results_eq(
  'select join_latency_ms, avg_bitrate_kbps, packet_loss_percent from public.call_sessions',
  $$ values (400, 100, 4.00) $$, 'the call has the figures of its devices');
select is(parley.save_metrics(tests.id('the call'), tests.id('Ada'), tests.id('Ada device'), tests.id('Ada instance'),
  jsonb_build_object('user_id', tests.id('Grace'), 'sequence', 4), 3600000), 'kept', 'nobody tells in the name of another');
select results_eq('select user_id from public.call_metrics', array[tests.id('Ada')], 'whatever they write into it');
select throws_ok($$ update public.call_metrics set rating_reasons = '{weather}' $$, '23514', null, 'a reason that there is not');
select throws_ok($$ update public.call_metrics set rating = null, rating_reasons = '{echo}' $$, '23514', null, 'reasons for nothing');

select tests.act_as('Grace');
select is_empty('select * from public.call_metrics', 'the other side does not read it');
select throws_ok(
  $$ select parley.save_metrics(tests.id('the call'), tests.id('Grace'), null, tests.id('Grace'), '{}', 3600000) $$,
  '42501', null, 'nor does anybody but the server write');
select * from finish();
rollback;
