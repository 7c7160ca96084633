-- What devices measure in a call, one row for each device that took part: samples while it lasts, each in the place of
-- the one before, the closing figures, and what the person thought of it.
alter table public.call_metrics
  add column if not exists device_id uuid,
  -- A device that does not name its instance counts as one.
  add column if not exists instance_id uuid not null default gen_random_uuid(),
  add column if not exists sequence integer not null default 0 check (sequence >= 0),
  add column if not exists closed boolean not null default false,
  add column if not exists worst_loss_percent numeric(5, 2) check (worst_loss_percent between 0 and 100),
  add column if not exists sent_loss_percent numeric(5, 2) check (sent_loss_percent between 0 and 100),
  add column if not exists sent_bitrate_kbps integer check (sent_bitrate_kbps between 0 and 1000000),
  add column if not exists round_trip_ms integer check (round_trip_ms between 0 and 600000),
  add column if not exists worst_round_trip_ms integer check (worst_round_trip_ms between 0 and 600000),
  add column if not exists jitter_ms integer check (jitter_ms between 0 and 600000),
  add column if not exists freeze_count integer check (freeze_count >= 0),
  add column if not exists freeze_ms integer check (freeze_ms >= 0),
  add column if not exists concealed_percent numeric(5, 2) check (concealed_percent between 0 and 100),
  add column if not exists path text check (path in ('direct', 'relay', 'server')),
  add column if not exists audio_codec text check (audio_codec ~ '^[A-Za-z0-9._-]{1,32}$'),
  add column if not exists video_codec text check (video_codec ~ '^[A-Za-z0-9._-]{1,32}$'),
  add column if not exists rating text check (rating in ('good', 'fair', 'bad')),
  add column if not exists rating_reasons text[] not null default '{}' check (
    rating_reasons <@ array['choppy_sound', 'echo', 'delay', 'frozen_picture', 'dropped']
    and (rating is not null or rating_reasons = '{}')
  );
alter table public.call_metrics drop constraint if exists call_metrics_device_type_check;
alter table public.call_metrics add constraint call_metrics_device_type_check
  check (device_type in ('ios', 'android', 'web', 'web-desktop', 'web-mobile'));
create unique index if not exists call_metrics_of_instance
  on public.call_metrics (call_session_id, user_id, instance_id);

comment on column public.call_metrics.sequence is 'Number of the newest sample of this device.';
comment on column public.call_metrics.closed is 'These are the closing figures; otherwise the device was not heard of after them.';
comment on column public.call_metrics.join_latency_ms is 'From the accept to the first media.';
comment on column public.call_metrics.duration_seconds is 'With media, by the device; never more than there was of the call by the server''s clock.';
comment on column public.call_metrics.packet_loss_percent is 'Of what came in, over the whole call.';
comment on column public.call_metrics.worst_loss_percent is 'Of what came in, in the worst few seconds.';
comment on column public.call_metrics.sent_loss_percent is 'Of what went out, as the other side told it.';
comment on column public.call_metrics.avg_bitrate_kbps is 'What came in.';
comment on column public.call_metrics.sent_bitrate_kbps is 'What went out.';
comment on column public.call_metrics.concealed_percent is 'Of the sound, what had to be made up because it did not come in time.';
comment on column public.call_metrics.rating is 'How the person found the call, where they have said.';
comment on column public.call_sessions.join_latency_ms is 'Of the device that waited longest; from call_metrics, as the two below.';
comment on column public.call_sessions.avg_bitrate_kbps is 'What came in, over all devices.';
comment on column public.call_sessions.packet_loss_percent is 'Of what came in, over all devices.';

-- Keeps what one device of a participant tells of a call. Keys of `p_figures` are columns of call_metrics; those that
-- are missing stay as they are. Figures with a smaller sequence than what is there come late and are passed over; a
-- rating never does. Gives `unknown` for whoever does not take part, `late` so long after the end, `closed` once when
-- the figures are closed, and `kept` otherwise. The row of the call is held, so that two samples take turns.
create or replace function parley.save_metrics(
  p_call uuid, p_user uuid, p_device uuid, p_instance uuid, p_figures jsonb, p_late_ms integer, p_skew_ms bigint default 0
) returns text
language plpgsql security definer set search_path = ''
as $$
declare
  v_now timestamptz;
  v_call public.call_sessions;
  v_old public.call_metrics;
  v_new public.call_metrics;
  v_figures jsonb := p_figures;
  v_lasted integer;
begin
  select s.* into v_call from public.call_sessions s
  where s.id = p_call
    and exists (select from public.call_participants p where p.call_session_id = s.id and p.user_id = p_user)
  for no key update of s;
  if not found then
    return 'unknown';
  end if;
  v_now := parley.clock(p_skew_ms);
  if v_call.ended_at + p_late_ms * interval '1 millisecond' < v_now then
    return 'late';
  end if;

  select m.* into v_old from public.call_metrics m
  where m.call_session_id = p_call and m.user_id = p_user and m.instance_id = p_instance;
  if not found then
    v_old.id := gen_random_uuid();
    v_old.call_session_id := p_call;
    v_old.user_id := p_user;
    v_old.instance_id := p_instance;
    v_old.sequence := 0;
    v_old.closed := false;
    v_old.rating_reasons := '{}';
  elsif (v_figures ->> 'sequence')::integer < v_old.sequence then
    select coalesce(jsonb_object_agg(f.key, f.value), '{}') into v_figures
    from jsonb_each(v_figures) f where f.key in ('rating', 'rating_reasons');
  end if;
  v_new := jsonb_populate_record(
    v_old, v_figures - array['id', 'call_session_id', 'user_id', 'device_id', 'instance_id', 'recorded_at']
  );
  v_lasted := greatest(0, floor(extract(epoch from coalesce(v_call.ended_at, v_now) - v_call.connected_at)));
  v_new.duration_seconds := least(v_new.duration_seconds, coalesce(v_lasted, 0));

  insert into public.call_metrics (
    id, call_session_id, user_id, device_id, instance_id, sequence, closed, join_latency_ms, duration_seconds,
    packet_loss_percent, worst_loss_percent, sent_loss_percent, avg_bitrate_kbps, sent_bitrate_kbps, round_trip_ms,
    worst_round_trip_ms, jitter_ms, freeze_count, freeze_ms, concealed_percent, audio_enabled, video_enabled, path,
    audio_codec, video_codec, network_type, device_type, rating, rating_reasons, recorded_at
  ) values (
    v_new.id, p_call, p_user, p_device, p_instance, v_new.sequence, v_new.closed, v_new.join_latency_ms,
    v_new.duration_seconds, v_new.packet_loss_percent, v_new.worst_loss_percent, v_new.sent_loss_percent,
    v_new.avg_bitrate_kbps, v_new.sent_bitrate_kbps, v_new.round_trip_ms, v_new.worst_round_trip_ms, v_new.jitter_ms,
    v_new.freeze_count, v_new.freeze_ms, v_new.concealed_percent, v_new.audio_enabled, v_new.video_enabled, v_new.path,
    v_new.audio_codec, v_new.video_codec, v_new.network_type, v_new.device_type, v_new.rating, v_new.rating_reasons,
    v_now
  )
  on conflict (call_session_id, user_id, instance_id) do update set
    sequence = excluded.sequence, closed = excluded.closed, join_latency_ms = excluded.join_latency_ms,
    duration_seconds = excluded.duration_seconds, packet_loss_percent = excluded.packet_loss_percent,
    worst_loss_percent = excluded.worst_loss_percent, sent_loss_percent = excluded.sent_loss_percent,
    avg_bitrate_kbps = excluded.avg_bitrate_kbps, sent_bitrate_kbps = excluded.sent_bitrate_kbps,
    round_trip_ms = excluded.round_trip_ms, worst_round_trip_ms = excluded.worst_round_trip_ms,
    jitter_ms = excluded.jitter_ms, freeze_count = excluded.freeze_count, freeze_ms = excluded.freeze_ms,
    concealed_percent = excluded.concealed_percent, audio_enabled = excluded.audio_enabled,
    video_enabled = excluded.video_enabled, path = excluded.path, audio_codec = excluded.audio_codec,
    video_codec = excluded.video_codec, network_type = excluded.network_type, device_type = excluded.device_type,
    rating = excluded.rating, rating_reasons = excluded.rating_reasons, recorded_at = excluded.recorded_at;

  update public.call_sessions s set
    join_latency_ms = m.join_latency_ms, avg_bitrate_kbps = m.avg_bitrate_kbps,
    packet_loss_percent = m.packet_loss_percent
  from (
    select max(o.join_latency_ms) as join_latency_ms, round(avg(o.avg_bitrate_kbps))::integer as avg_bitrate_kbps,
      round(avg(o.packet_loss_percent), 2) as packet_loss_percent
    from public.call_metrics o where o.call_session_id = p_call
  ) m
  where s.id = p_call;
  return case when v_new.closed and not v_old.closed then 'closed' else 'kept' end;
end
$$;
comment on function parley.save_metrics(uuid, uuid, uuid, uuid, jsonb, integer, bigint) is
  'Keeps what one device of a participant measured, and what the person thought of the call.';
revoke all on function parley.save_metrics(uuid, uuid, uuid, uuid, jsonb, integer, bigint) from public, anon, authenticated;
grant execute on function parley.save_metrics(uuid, uuid, uuid, uuid, jsonb, integer, bigint) to service_role;
