-- Seam: the host may want to say in its own chat that a call has ended. `parley.call_over` is told of each end once, in
-- the transaction that ends the call, by whatever way it ends. It gets the ids of the call, its team, its channel (or
-- null) and its initiator, of the two people of a one-to-one call (`pairLow` < `pairHigh`, null in a group), `callType`,
-- `status`, `endReason`, `durationSeconds` (null unless it connected) and `endedAt` (milliseconds since the epoch). An
-- error in it undoes the end: what a host writes here must not fail for reasons of its own.
do $$
begin
  if to_regprocedure('parley.call_over(jsonb)') is null then
    create function parley.call_over(p_call jsonb) returns void
    language sql security definer set search_path = ''
    as 'select';
    comment on function parley.call_over(jsonb) is 'Seam: a call has ended. Does nothing where the host brings none of its own.';
  end if;
end
$$;

create or replace function parley.tell_end() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  perform parley.call_over(jsonb_build_object(
    'id', new.id, 'teamId', new.team_id, 'channelId', new.channel_id, 'initiatorId', new.initiator_id,
    'pairLow', new.pair_low, 'pairHigh', new.pair_high, 'callType', new.call_type, 'status', new.status,
    'endReason', new.end_reason, 'durationSeconds', new.duration_seconds, 'endedAt', parley.ms(new.ended_at)
  ));
  return null;
end
$$;
comment on function parley.tell_end() is 'Tells the host of the end of a call.';

-- Somebody who is busy: the call ends as it is made.
drop trigger if exists call_sessions_end_at_once on public.call_sessions;
create trigger call_sessions_end_at_once after insert on public.call_sessions
  for each row when (new.status in ('ended', 'missed', 'rejected'))
  execute function parley.tell_end();
drop trigger if exists call_sessions_end on public.call_sessions;
create trigger call_sessions_end after update of status on public.call_sessions
  for each row when (
    old.status in ('ringing', 'connecting', 'connected') and new.status in ('ended', 'missed', 'rejected')
  )
  execute function parley.tell_end();

revoke all on function parley.call_over(jsonb), parley.tell_end() from public, anon, authenticated;
grant execute on function parley.call_over(jsonb) to service_role;
