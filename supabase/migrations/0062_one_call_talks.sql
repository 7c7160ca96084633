-- As parley.other_live_calls (0035_seats.sql), with one more answer: whether whoever made this call, which rings still, talks in another
-- one by now. Somebody can ring from two devices at once, and both calls can be answered: the one that is answered while they talk
-- begins on hold for them (W4c). The slots of all its people are held, those of the caller with them: of two such calls that are
-- answered at the same moment the second sees the first.
create or replace function parley.before_accept(p_call uuid, p_user uuid, p_skew_ms bigint default 0) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_others integer := parley.other_live_calls(p_call, p_user, p_skew_ms);
  -- After the slots were held: a statement of its own, which sees what was committed while they were waited for.
  v_now timestamptz := parley.clock(p_skew_ms);
begin
  return jsonb_build_object(
    'others', v_others,
    'callerTalks', exists (
      select
      from public.call_sessions mine
      join public.call_participants p on p.user_id = mine.initiator_id
      join public.call_sessions s on s.id = p.call_session_id
      join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
      where mine.id = p_call and mine.status = 'ringing' and s.id <> p_call
        and p.state in ('connecting', 'joined') and not p.on_hold and i.lease_expires_at > v_now
        and s.status in ('connecting', 'connected') and coalesce(s.connect_expires_at, 'infinity') > v_now
    )
  );
end
$$;
comment on function parley.before_accept(uuid, uuid, bigint) is
  'Holds the slots of a call''s people; says in how many other live calls one of them sits, and whether its caller talks in another.';
revoke all on function parley.before_accept(uuid, uuid, bigint) from public, anon, authenticated;
grant execute on function parley.before_accept(uuid, uuid, bigint) to service_role;
