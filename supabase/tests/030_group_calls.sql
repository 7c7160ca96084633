-- A group call in a channel is seen by whoever sees the channel; outside of one, by those who take part.
begin;
select plan(13);
select tests.team('Acme', 'Ada', 'Grace', 'Linus', 'Ken');
select tests.team('Other', 'Mallory');
select tests.direct('Acme', 'Ada', 'Grace');
select tests.call('in general', 'Ada', '{}', 'group_audio', tests.id('Acme general'));
select tests.call('in the direct channel', 'Ada', '{Grace}', 'group_video', tests.id('Ada and Grace'));
select tests.call('nowhere', 'Grace', '{Linus}', 'group_audio');

select tests.act_as('Ken');
select results_eq('select id from public.call_sessions', array[tests.id('in general')],
  'a member of the team sees the channel''s call, and no other');
select results_eq('select user_id from public.call_participants', array[tests.id('Ada')], 'and who is in it');
select results_eq('select type from public.call_events', array['created'], 'and what happened in it');
select is(parley.call_json(tests.id('in general')) #>> '{participants,0,displayName}', 'Ada', 'and by what name');

select tests.act_as('Grace');
select set_eq('select id from public.call_sessions',
  array[tests.id('in general'), tests.id('in the direct channel'), tests.id('nowhere')],
  'one of the two sees the call of their direct channel, and a participant a call outside of channels');

select tests.act_as('Linus');
select set_eq('select id from public.call_sessions', array[tests.id('in general'), tests.id('nowhere')],
  'whoever is rung is a participant, and sees the call');

select tests.act_as('Mallory');
select is_empty('select * from public.call_sessions', 'another team sees nothing');
select is_empty('select * from public.call_participants', 'nor anybody');
select is_empty('select * from public.call_events', 'nor any event');
select is(parley.sees_channel(tests.id('Acme general'), tests.id('Acme')), false, 'nor the channel');

select tests.act_as_server();
delete from public.team_members where user_id = tests.id('Ken');
select tests.act_as('Ken');
select is_empty('select * from public.call_sessions', 'whoever leaves the team no longer sees its channels'' calls');

select tests.act_as_server();
delete from public.channels where id = tests.id('Acme general');
select results_eq($$ select channel_id from public.call_sessions where id = tests.id('in general') $$, array[null::uuid],
  'a call outlives its channel');
select tests.act_as('Linus');
select results_eq('select id from public.call_sessions', array[tests.id('nowhere')],
  'and is seen from then on by those who took part');
select * from finish();
rollback;
