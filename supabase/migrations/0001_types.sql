-- Enumerations of the calls. Their order is that of packages/domain/src/values.ts; a test holds the two together.
create schema if not exists parley;
revoke all on schema parley from public;
grant usage on schema parley to authenticated, service_role;

do $$
begin
  if to_regtype('public.call_status') is null then
    create type public.call_status as enum ('ringing', 'connecting', 'connected', 'ended', 'missed', 'rejected');
  end if;
  if to_regtype('public.call_type') is null then
    create type public.call_type as enum ('audio', 'video', 'group_audio', 'group_video');
  end if;
  if to_regtype('public.participant_state') is null then
    create type public.participant_state as enum
      ('invited', 'ringing', 'connecting', 'joined', 'left', 'declined', 'missed', 'busy');
  end if;
  if to_regtype('public.end_reason') is null then
    create type public.end_reason as enum
      ('hangup', 'declined', 'no_answer', 'cancelled', 'busy', 'dropped', 'media_failed', 'ended_by_host');
  end if;
  if to_regtype('public.media_engine') is null then
    create type public.media_engine as enum ('p2p', 'livekit', 'agora');
  end if;
  if to_regtype('public.notification_type') is null then
    create type public.notification_type as enum ('missed', 'rejected');
  end if;
end
$$;

comment on type public.call_status is 'State of a call; ended, missed and rejected are final.';
comment on type public.call_type is 'What a call began as; group types have no fixed pair of people.';
comment on type public.participant_state is 'State of one person in a call.';
comment on type public.end_reason is 'Why a call ended.';
comment on type public.media_engine is 'How media travels.';
comment on type public.notification_type is 'Why an entry is in somebody''s inbox.';

-- Instants cross into JSON as whole milliseconds since the epoch, which is what the call machine counts in.
create or replace function parley.ms(p_at timestamptz) returns bigint
language sql immutable strict parallel safe
as $$ select floor(extract(epoch from p_at) * 1000)::bigint $$;
comment on function parley.ms(timestamptz) is 'Milliseconds since the epoch.';

create or replace function parley.at(p_ms bigint) returns timestamptz
language sql immutable strict parallel safe
as $$ select to_timestamp(p_ms / 1000.0) $$;
comment on function parley.at(bigint) is 'The instant so many milliseconds after the epoch.';

-- The clock that decides deadlines: the database's, in milliseconds. Not now(), which stands still while a transaction
-- waits for a lock.
create or replace function parley.clock(p_skew_ms bigint default 0) returns timestamptz
language sql volatile
as $$ select date_trunc('milliseconds', clock_timestamp()) + p_skew_ms * interval '1 millisecond' $$;
comment on function parley.clock(bigint) is 'Now, in whole milliseconds; the skew is for tests.';

revoke all on function parley.ms(timestamptz), parley.at(bigint), parley.clock(bigint) from public;
grant execute on function parley.ms(timestamptz), parley.at(bigint), parley.clock(bigint) to authenticated, service_role;
