-- What a person measures in a call has a bound: rows of twenty instances, many times what anybody has at hand. The client makes
-- the ids of instances; without a bound one participant could fill the table, and each report looks at all rows of the call
-- while it holds the call's row, which commands wait for. What is beyond is passed over: the answer is `full`.
--
-- And whoever counts ratings hears which are new: a reason that is added tells the rating again. `kept` and `closed` are
-- followed by ` rated` where the rating was not there before.
--
-- All else as in 0030_call_quality.sql.
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
    if (
      select count(*) from public.call_metrics o where o.call_session_id = p_call and o.user_id = p_user
    ) >= 20 then
      return 'full';
    end if;
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
  return case when v_new.closed and not v_old.closed then 'closed' else 'kept' end
    || case when v_new.rating is distinct from v_old.rating then ' rated' else '' end;
end
$$;
comment on function parley.save_metrics(uuid, uuid, uuid, uuid, jsonb, integer, bigint) is
  'Keeps what one device of a participant measured, and what the person thought of the call.';
revoke all on function parley.save_metrics(uuid, uuid, uuid, uuid, jsonb, integer, bigint) from public, anon, authenticated;
grant execute on function parley.save_metrics(uuid, uuid, uuid, uuid, jsonb, integer, bigint) to service_role;
