-- All that a socket begins with, in one statement. After a restart everybody comes back at once: what each of them costs the
-- database is what the others wait for.

-- What the person in whose name this transaction runs sees of these calls and of their inbox. The role holds until the function
-- returns, so that row-level security decides although it is the server that asks; therefore neither function has the rights of
-- its owner.
create or replace function parley.welcome_view(p_live uuid[], p_named uuid[], p_inbox_after bigint, p_inbox_most integer)
returns jsonb
language plpgsql stable security invoker set search_path = '' set role = 'authenticated'
as $$
declare
  v_me uuid := auth.uid();
  v_calls jsonb := '[]';
  v_named jsonb := '[]';
  v_inbox jsonb;
begin
  if cardinality(p_live) > 0 then
    select coalesce(jsonb_agg(c.record order by c.created_at, c.id), '[]') into v_calls
    from (
      select s.id, s.created_at, parley.call_json(s.id) as record
      from public.call_sessions s where s.id = any (p_live)
    ) c
    where c.record is not null;
  end if;
  if cardinality(p_named) > 0 then
    select coalesce(jsonb_agg(c.record), '[]') into v_named
    from (select parley.call_json(n.id) as record from unnest(p_named) as n (id)) c
    where c.record is not null;
  end if;
  select coalesce(jsonb_agg(jsonb_build_object(
    'userId', i.user_id,
    'id', i.id,
    'seq', i.seq,
    'callId', i.call_session_id,
    'type', i.type,
    'createdAt', parley.ms(i.created_at),
    'readAt', parley.ms(i.read_at)
  ) order by i.seq desc), '[]') into v_inbox
  from (
    select n.* from public.call_notifications n
    where n.user_id = v_me
      and (n.seq > p_inbox_after or n.seq = (select max(m.seq) from public.call_notifications m where m.user_id = v_me))
    order by n.seq desc limit p_inbox_most
  ) i;
  return jsonb_build_object('calls', v_calls, 'named', v_named, 'inbox', v_inbox);
end
$$;
comment on function parley.welcome_view(uuid[], uuid[], bigint, integer) is
  'Calls and inbox as the person in whose name this transaction runs may see them.';

-- `p_session`: null for whoever has none here. Null for somebody who is gone; nothing was written then. Where something is due in
-- a call of theirs only those calls are named, unless `p_despite_due`.
create or replace function parley.welcome(
  p_user uuid, p_session uuid, p_is_guest boolean, p_device uuid, p_instance uuid, p_lease_ms integer,
  p_named uuid[], p_inbox_after bigint, p_inbox_most integer, p_despite_due boolean, p_skew_ms bigint default 0
) returns jsonb
language plpgsql security invoker set search_path = ''
as $$
declare
  v_now timestamptz;
  v_live uuid[];
  v_due uuid[];
  v_own jsonb;
  v_seen jsonb;
begin
  perform from auth.users u
  where u.id = p_user and u.deleted_at is null
    and (u.banned_until is null or u.banned_until <= parley.clock(p_skew_ms));
  if not found then
    return null;
  end if;
  if p_session is not null then
    perform from identity.session s where s.id = p_session;
    if not found then
      return null;
    end if;
  end if;

  perform parley.touch_instance(p_user, p_device, p_instance, null, p_lease_ms, p_skew_ms);
  -- A device that began without naming an instance counts as one: whatever it does keeps that one alive too.
  if p_instance <> p_device then
    update public.device_instances i
    set lease_expires_at = greatest(i.lease_expires_at, parley.clock(p_skew_ms) + p_lease_ms * interval '1 millisecond')
    where i.user_id = p_user and i.id = p_device;
  end if;

  v_now := parley.clock(p_skew_ms);
  select array_agg(c.id), array_agg(c.id) filter (where
    coalesce(c.ring_expires_at, c.connect_expires_at) <= v_now
    or exists (
      select from public.call_participants r
      where r.call_session_id = c.id and r.state = 'ringing' and r.ring_expires_at <= v_now
    )
    or exists (
      select from public.call_participants p
      join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
      where p.call_session_id = c.id and p.state in ('connecting', 'joined') and i.lease_expires_at <= v_now
    )
  ) into v_live, v_due
  from (
    select s.* from public.call_participants p join public.call_sessions s on s.id = p.call_session_id
    where p.user_id = p_user and p.state in ('connecting', 'joined') and s.status in ('ringing', 'connecting', 'connected')
    union all
    select s.* from public.call_participants p join public.call_sessions s on s.id = p.call_session_id
    where p.user_id = p_user and p.state in ('invited', 'ringing') and s.status in ('ringing', 'connecting', 'connected')
  ) c;
  if v_due is not null and not p_despite_due then
    return jsonb_build_object('due', v_due);
  end if;

  v_own := jsonb_build_object(
    'displayName', (select coalesce(n.display_name, '') from parley.people n where n.id = p_user),
    'teamIds', array(select m.team_id::text from public.team_members m where m.user_id = p_user order by m.team_id),
    'quietUntil', (select parley.ms(q.do_not_disturb_until) from public.call_preferences q where q.user_id = p_user),
    -- Makes the rings that the device lacks, of which there are none without a call.
    'rings', case when v_live is null then '[]' else parley.open_rings(p_user, p_device, p_skew_ms) end
  );

  perform set_config(
    'request.jwt.claims',
    jsonb_build_object('sub', p_user, 'role', 'authenticated', 'is_anonymous', p_is_guest)::text,
    true
  );
  v_seen := parley.welcome_view(
    coalesce(v_live, '{}'),
    array(select n.id from unnest(p_named) as n (id) where n.id <> all (coalesce(v_live, '{}'))),
    p_inbox_after, p_inbox_most
  );
  perform set_config('request.jwt.claims', '', true);
  return v_own || v_seen;
end
$$;
comment on function parley.welcome(uuid, uuid, boolean, uuid, uuid, integer, uuid[], bigint, integer, boolean, bigint) is
  'A sign of life, and all that a socket begins with; null for somebody who is gone.';

revoke all on function
  parley.welcome_view(uuid[], uuid[], bigint, integer),
  parley.welcome(uuid, uuid, boolean, uuid, uuid, integer, uuid[], bigint, integer, boolean, bigint)
from public, anon, authenticated;
-- It shows people nothing that they cannot read anyway.
grant execute on function parley.welcome_view(uuid[], uuid[], bigint, integer) to authenticated, service_role;
grant execute on function
  parley.welcome(uuid, uuid, boolean, uuid, uuid, integer, uuid[], bigint, integer, boolean, bigint)
to service_role;
