-- A group that was in a channel leaves a message there, as a call of two does in their direct channel. All else as in
-- 0057_call_messages.sql.
create or replace function parley.call_over(p_call jsonb) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_team uuid := (p_call ->> 'teamId')::uuid;
  v_low uuid := (p_call ->> 'pairLow')::uuid;
  v_high uuid := (p_call ->> 'pairHigh')::uuid;
  v_channel uuid;
begin
  if v_low is null then
    -- A group says so where it was: in its channel, if it had one that is still there.
    select c.id into v_channel from public.channels c where c.id = (p_call ->> 'channelId')::uuid;
  else
    -- Whoever has left the team meanwhile gets no new channel in it; one that is there stays a place for it.
    if (select count(*) from public.team_members m where m.team_id = v_team and m.user_id in (v_low, v_high)) = 2 then
      insert into public.channels (team_id, kind, direct_low, direct_high, created_by)
      values (v_team, 'direct', v_low, v_high, (p_call ->> 'initiatorId')::uuid)
      on conflict (team_id, direct_low, direct_high) where kind = 'direct' do nothing;
    end if;
    select c.id into v_channel from public.channels c
    where c.team_id = v_team and c.kind = 'direct' and c.direct_low = v_low and c.direct_high = v_high;
  end if;
  if v_channel is null then
    return;
  end if;
  -- The content is for readers that know no calls.
  insert into public.messages (channel_id, author_id, type, content, call, created_at)
  values (
    v_channel, (p_call ->> 'initiatorId')::uuid, 'call',
    case when p_call ->> 'callType' in ('video', 'group_video') then 'Video call' else 'Audio call' end,
    jsonb_build_object(
      'id', p_call -> 'id', 'callType', p_call -> 'callType', 'status', p_call -> 'status',
      'endReason', p_call -> 'endReason', 'initiatorId', p_call -> 'initiatorId',
      'durationSeconds', p_call -> 'durationSeconds'
    ),
    parley.at((p_call ->> 'endedAt')::bigint)
  )
  on conflict ((call ->> 'id')) where type = 'call' do nothing;
end
$$;
comment on function parley.call_over(jsonb) is 'Seam: a call has ended; the direct channel of its two people, or the channel of a group, says so.';
revoke all on function parley.call_over(jsonb) from public, anon, authenticated;
grant execute on function parley.call_over(jsonb) to service_role;
