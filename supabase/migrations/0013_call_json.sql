-- A call with its people as one JSON value, so that it is read in one round trip. Instants are milliseconds. Runs with
-- the rights of whoever asks: for a person row-level security decides, and the leases of others stay hidden.
create or replace function parley.call_json(p_call uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object(
    'id', s.id,
    'teamId', s.team_id,
    'channelId', s.channel_id,
    'callType', s.call_type,
    'status', s.status,
    'initiatorId', s.initiator_id,
    'roomName', s.room_name,
    'createdAt', parley.ms(s.created_at),
    'updatedAt', parley.ms(s.updated_at),
    'connectedAt', parley.ms(s.connected_at),
    'endedAt', parley.ms(s.ended_at),
    'endReason', s.end_reason,
    'ringExpiresAt', parley.ms(s.ring_expires_at),
    'connectExpiresAt', parley.ms(s.connect_expires_at),
    'mediaEngine', s.media_engine,
    'mediaEpoch', s.media_epoch,
    'membershipEpoch', s.membership_epoch,
    'version', s.version,
    'participants', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'userId', p.user_id,
        'displayName', coalesce(n.display_name, ''),
        'state', p.state,
        'joinedAt', parley.ms(p.joined_at),
        'leftAt', parley.ms(p.left_at),
        'isMuted', p.is_muted,
        'videoEnabled', p.video_enabled,
        'deviceId', p.device_id,
        'instanceId', p.instance_id,
        'leaseExpiresAt', parley.ms(i.lease_expires_at)
      ) order by p.position), '[]'::jsonb)
      from public.call_participants p
      left join parley.names_in_call(p_call) n on n.user_id = p.user_id
      left join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
      where p.call_session_id = s.id
    )
  )
  from public.call_sessions s
  where s.id = p_call
$$;
comment on function parley.call_json(uuid) is 'A call with its participants; null for a call that one does not see.';
revoke all on function parley.call_json(uuid) from public, anon;
grant execute on function parley.call_json(uuid) to authenticated, service_role;

-- A ring, complete: small enough for a push, and nothing is fetched before it rings.
create or replace function parley.ring_json(p_ring uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'userId', r.user_id,
    'deviceId', r.device_id,
    'callId', r.call_session_id,
    'ringId', r.ring_id,
    'callType', s.call_type,
    'callerId', s.initiator_id,
    'callerName', coalesce(n.display_name, ''),
    'teamId', s.team_id,
    'teamName', coalesce(t.name, ''),
    'expiresAt', parley.ms(r.expires_at)
  )
  from public.call_rings r
  join public.call_sessions s on s.id = r.call_session_id
  left join parley.people n on n.id = s.initiator_id
  left join parley.team_names t on t.id = s.team_id
  where r.ring_id = p_ring
$$;
comment on function parley.ring_json(uuid) is 'What a device is told so that it rings.';
revoke all on function parley.ring_json(uuid) from public, anon, authenticated;
grant execute on function parley.ring_json(uuid) to service_role;
