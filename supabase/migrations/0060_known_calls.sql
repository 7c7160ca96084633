-- Calls of many people, which a server knows already.
--
-- A command reads the whole call: of a thousand people 450 kB of JSON, for each of the thousand who come in. A server that has
-- just written a call knows it; under the lock the version says whether that is still so. Then only what no version counts is
-- read: the clock, the key, and whose leases have run out.
create or replace function parley.begin_command_known(
  p_known integer, p_call uuid, p_user uuid, p_key uuid, p_command text, p_body_hash text,
  p_device uuid, p_instance uuid, p_platform text, p_lease_ms integer, p_skew_ms bigint default 0
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_version integer;
  v_now timestamptz;
  v_key public.idempotency_keys;
  v_repeat text := 'no';
  v_lapsed jsonb;
begin
  select s.version into v_version from public.call_sessions s where s.id = p_call for no key update;
  if not found then
    return null;
  end if;
  if v_version <> p_known then
    return parley.begin_command(
      p_call, p_user, p_key, p_command, p_body_hash, p_device, p_instance, p_platform, p_lease_ms, p_skew_ms
    );
  end if;
  v_now := parley.clock(p_skew_ms);
  if p_key is not null then
    select k.* into v_key from public.idempotency_keys k where k.user_id = p_user and k.key = p_key;
    if found then
      v_repeat := case
        when v_key.call_id = p_call and v_key.command = p_command and v_key.body_hash = p_body_hash then 'same'
        else 'reused'
      end;
    end if;
  end if;
  select coalesce(jsonb_agg(p.user_id order by p.position), '[]') into v_lapsed
  from public.call_participants p
  left join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
  where p.call_session_id = p_call and p.state in ('connecting', 'joined')
    and coalesce(i.lease_expires_at <= v_now, true);
  -- After the leases were judged: this very sign of life does not save one that has run out.
  if p_user is not null and p_device is not null and v_repeat <> 'reused' then
    perform parley.touch_instance(p_user, p_device, coalesce(p_instance, p_device), p_platform, p_lease_ms, p_skew_ms);
  end if;
  return jsonb_build_object('now', parley.ms(v_now), 'record', null, 'repeat', v_repeat, 'lapsed', v_lapsed);
end
$$;
comment on function parley.begin_command_known(integer, uuid, uuid, uuid, text, text, uuid, uuid, text, integer, bigint) is
  'As begin_command for a server that knows the call at this version: without the record, and with whose leases have run out.';

revoke all on function
  parley.begin_command_known(integer, uuid, uuid, uuid, text, text, uuid, uuid, text, integer, bigint)
from public, anon, authenticated;
grant execute on function
  parley.begin_command_known(integer, uuid, uuid, uuid, text, text, uuid, uuid, text, integer, bigint)
to service_role;
