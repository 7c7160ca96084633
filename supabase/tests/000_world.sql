-- The world of docs/permissions.md: one of each kind of person, and of each thing that they might reach. Which rows a line
-- of that file means stands here; tools/lib/permission-stories.mjs makes checks of the two.
begin;
grant usage on schema tests to service_role;
create or replace function tests.finish_call(p_call text) returns void
language sql
as $$
  update public.call_sessions s set
    status = case when s.connected_at is null then 'missed' else 'ended' end::public.call_status,
    end_reason = case when s.connected_at is null then 'no_answer' else 'hangup' end::public.end_reason,
    duration_seconds = case when s.connected_at is not null then 0 end,
    ended_at = s.created_at, ring_expires_at = null
  where s.id = tests.id(p_call);
  update public.call_participants p set
    state = case when p.position = 0 then 'left' else 'missed' end::public.participant_state,
    left_at = case when p.position = 0 then s.created_at end, device_id = null, instance_id = null
  from public.call_sessions s
  where s.id = p.call_session_id and s.id = tests.id(p_call);
$$;

-- A call that is over, so that nobody is busy.
create or replace function tests.past_call(
  p_call text, p_from text, p_to text[], p_type public.call_type default 'audio', p_channel uuid default null,
  p_team text default 'Acme'
) returns void
language plpgsql
as $$
begin
  if tests.call(p_call, p_from, p_to, p_type, p_channel, p_team) ->> 'outcome' is distinct from 'created' then
    raise exception 'the call "%" did not come about', p_call;
  end if;
  perform tests.finish_call(p_call);
end
$$;

create or replace function tests.write(p_author text, p_channel text) returns void
language sql
as $$
  insert into public.messages (channel_id, author_id, content) values (tests.id(p_channel), tests.id(p_author), p_author)
$$;

create or replace function tests.world() returns void
language plpgsql
as $$
declare
  v_one record;
begin
  perform tests.team('Acme', 'owner', 'member', 'former', 'left', 'Lin', 'Ken');
  perform tests.team('Elsewhere', 'outsider', 'Zoe');
  update public.team_members set role = 'owner' where user_id = tests.id('owner');
  insert into auth.users (id, is_anonymous) values (tests.id('guest'), true);
  insert into public.profiles (id, display_name) values (tests.id('guest'), 'guest');
  perform parley.touch_instance(tests.id('guest'), tests.id('guest device'), tests.id('guest instance'), null, 30000);

  perform tests.direct('Acme', 'Lin', 'Ken');
  perform tests.write('Lin', 'Acme general');
  perform tests.write('former', 'Acme general');
  perform tests.write('left', 'Acme general');
  perform tests.write('Ken', 'Lin and Ken');
  insert into public.team_invitations (team_id, token_hash, created_by, expires_at)
  values (tests.id('Acme'), repeat('0', 64), tests.id('former'), now() + interval '1 day');
  insert into auth.issuer_subjects (issuer, subject, user_id) values ('https://example.test', 'lin', tests.id('Lin'));

  for v_one in select * from (values
    ('member', 'Lin', 'Acme'), ('owner', 'Lin', 'Acme'), ('former', 'Lin', 'Acme'), ('outsider', 'Zoe', 'Elsewhere')
  ) as x (person, other, team) loop
    perform tests.direct(v_one.team, v_one.person, v_one.other);
    perform tests.write(v_one.other, v_one.person || ' and ' || v_one.other);
    perform tests.past_call('pair of ' || v_one.person, v_one.person, array[v_one.other], p_team => v_one.team);
    perform tests.past_call('to ' || v_one.person, v_one.other, array[v_one.person], p_team => v_one.team);
    perform parley.notify(tests.id(v_one.person), tests.id('to ' || v_one.person), 'missed', now());
    perform parley.notify(tests.id(v_one.other), tests.id('pair of ' || v_one.person), 'missed', now());
    insert into public.call_metrics (call_session_id, user_id) values
      (tests.id('pair of ' || v_one.person), tests.id(v_one.person)),
      (tests.id('pair of ' || v_one.person), tests.id(v_one.other));
  end loop;

  perform tests.past_call('pair of others', 'Ken', '{Lin}', p_channel => tests.id('Acme general'));
  perform tests.past_call('in the channel', 'Lin', '{member,former,Ken}', 'group_audio', tests.id('Acme general'));
  perform tests.past_call('in the direct channel', 'Lin', '{Ken}', 'group_audio', tests.id('Lin and Ken'));
  perform tests.past_call('group of member', 'Lin', '{member,owner,former}', 'group_audio');
  perform tests.past_call('group of outsider', 'Zoe', '{outsider}', 'group_audio', null, 'Elsewhere');
  perform tests.past_call('group of others', 'Ken', '{Lin}', 'group_audio');
  perform tests.call('that lets people in', 'Ken', '{}', 'group_audio', tests.id('Acme general'));
  insert into public.call_participants (call_session_id, user_id, position, state)
  select tests.id('that lets people in'), tests.id(person), position, 'ringing'
  from unnest(array['member', 'owner', 'former', 'outsider', 'guest']) with ordinality as x (person, position);

  insert into public.call_messages (id, call_session_id, author_id, content, created_at)
  select gen_random_uuid(), s.id, s.initiator_id, 'hello', now() from public.call_sessions s where s.pair_low is null;
  insert into public.call_links (token_hash, team_id, call_type, created_by, created_at, expires_at)
  values (repeat('1', 64), tests.id('Acme'), 'group_video', tests.id('member'), now(), now() + interval '1 day');
  insert into public.call_knocks (link_id, user_id, display_name, created_at, expires_at)
  select l.id, tests.id('guest'), 'guest', now(), now() + interval '1 hour' from public.call_links l;

  insert into public.call_preferences (user_id, do_not_disturb_until)
  select tests.id(person), 'infinity'
  from unnest(array['member', 'owner', 'former', 'outsider', 'guest', 'Lin', 'Zoe']) person;
  insert into public.server_heartbeat (at) values (now()) on conflict do nothing;
  delete from public.team_members where user_id in (tests.id('former'), tests.id('left'));
  insert into public.team_removals (team_id, user_id, removed_by, removed_at)
  values (tests.id('Acme'), tests.id('former'), tests.id('owner'), now());
end
$$;

-- The rows that a line means; %1$L is the person's name. What belongs to nobody of the two last kinds is asked of the
-- member's. A line that is not here means the whole table.
create table if not exists tests.matrix_rows (id text primary key, condition text not null);
truncate tests.matrix_rows;
insert into tests.matrix_rows values
  ('public.profiles/own', 'id = tests.id(%1$L)'),
  ('public.profiles/team', 'id = tests.id(''Lin'')'),
  ('public.profiles/left', 'id = tests.id(''left'')'),
  ('public.profiles/stranger', 'id = tests.id(''Zoe'')'),
  ('public.teams/acme', 'id = tests.id(''Acme'')'),
  ('public.team_members/acme', 'team_id = tests.id(''Acme'')'),
  ('public.channels/acme', 'id = tests.id(''Acme general'')'),
  ('public.channels/own-direct', 'kind = ''direct'' and tests.id(%1$L) in (direct_low, direct_high)'),
  ('public.channels/others-direct', 'id = tests.id(''Lin and Ken'')'),
  ('public.messages/acme', 'channel_id = tests.id(''Acme general'')'),
  ('public.messages/own-direct', 'channel_id in (tests.id(%1$L || '' and Lin''), tests.id(%1$L || '' and Zoe''))'),
  ('public.messages/others-direct', 'channel_id = tests.id(''Lin and Ken'')'),
  ('public.call_notifications/own', 'user_id = tests.id(%1$L)'),
  ('public.call_notifications/others', 'user_id in (tests.id(''Lin''), tests.id(''Zoe''))'),
  ('public.call_metrics/own', 'user_id = tests.id(%1$L)'),
  ('public.call_metrics/others', 'call_session_id = tests.id(''pair of '' || %1$L) and user_id <> tests.id(%1$L)'),
  ('public.call_rings/own', 'user_id = tests.id(%1$L)'),
  ('public.call_rings/others', 'user_id in (tests.id(''Lin''), tests.id(''Zoe''))'),
  ('public.devices/own', 'user_id = tests.id(%1$L)'),
  ('public.devices/others', 'user_id in (tests.id(''Lin''), tests.id(''Zoe''))'),
  ('public.device_instances/own', 'user_id = tests.id(%1$L)'),
  ('public.device_instances/others', 'user_id in (tests.id(''Lin''), tests.id(''Zoe''))'),
  ('public.call_preferences/own', 'user_id = tests.id(%1$L)'),
  ('public.call_preferences/others', 'user_id in (tests.id(''Lin''), tests.id(''Zoe''))'),
  ('parley.people/own', 'id = tests.id(%1$L)'),
  ('parley.people/team', 'id = tests.id(''Lin'')'),
  ('parley.people/stranger', 'id = tests.id(''Zoe'')');
insert into tests.matrix_rows
select 'public.' || t.name || '/' || c.id, replace(c.condition, 'CALL', t.key)
from (values ('call_sessions', 'id'), ('call_participants', 'call_session_id'), ('call_events', 'call_session_id'),
  ('call_messages', 'call_session_id')) as t (name, key),
  (values
    ('own-pair', 'CALL in (tests.id(''pair of '' || %1$L), tests.id(''to '' || %1$L))'),
    ('others-pair', 'CALL = tests.id(''pair of others'')'),
    ('channel-group', 'CALL = tests.id(''in the channel'')'),
    ('direct-group', 'CALL = tests.id(''in the direct channel'')'),
    ('own-group', 'CALL = tests.id(''group of '' || case %1$L when ''outsider'' then %1$L else ''member'' end)'),
    ('others-group', 'CALL = tests.id(''group of others'')'),
    ('let-in', 'CALL = tests.id(''that lets people in'')')
  ) as c (id, condition);

create or replace function tests.act_as_kind(p_kind text) returns void
language plpgsql
as $$
begin
  case p_kind
    when 'anonymous' then perform tests.act_as_anon();
    when 'service' then
      perform set_config('request.jwt.claims', '{"role": "service_role"}', true);
      perform set_config('role', 'service_role', true);
    when 'no subject' then
      perform set_config('request.jwt.claims', '{"role": "authenticated"}', true);
      perform set_config('role', 'authenticated', true);
    else perform tests.act_as(p_kind);
  end case;
end
$$;

-- The verbs with which somebody of this kind reaches rows of a line, of SIUD. Each is tried, and undone.
create or replace function tests.may(p_kind text, p_line text) returns text
language plpgsql
as $$
declare
  v_table regclass := split_part(p_line, '/', 1)::regclass;
  v_own text := case when p_kind in ('anonymous', 'service', 'no subject') then 'member' else p_kind end;
  v_where text := format(coalesce((select r.condition from tests.matrix_rows r where r.id = p_line), 'true'), v_own);
  v_column text := (
    select quote_ident(a.attname) from pg_catalog.pg_attribute a
    where a.attrelid = v_table and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum limit 1
  );
  v_verb text;
  v_count bigint;
  v_may text := '';
begin
  foreach v_verb in array array['S', 'I', 'U', 'D'] loop
    begin
      perform tests.act_as_kind(p_kind);
      execute case v_verb
        when 'S' then format('select * from %s where %s', v_table, v_where)
        when 'I' then format('insert into %s default values', v_table)
        when 'U' then format('update %s set %s = %s where %s', v_table, v_column, v_column, v_where)
        else format('delete from %s where %s', v_table, v_where)
      end;
      get diagnostics v_count = row_count;
      raise exception 'undone' using errcode = 'TM001', detail = v_count;
    exception
      when sqlstate 'TM001' then
        get stacked diagnostics v_count = pg_exception_detail;
        if v_count > 0 then v_may := v_may || v_verb; end if;
      -- No right, or a view that cannot be written.
      when insufficient_privilege or object_not_in_prerequisite_state then null;
      -- Whoever gets as far as a constraint may write.
      when others then v_may := v_may || v_verb;
    end;
  end loop;
  return v_may;
end
$$;

commit;

begin;
select plan(1);
select lives_ok('select tests.world()', 'the world of docs/permissions.md can be made');
select * from finish();
rollback;
