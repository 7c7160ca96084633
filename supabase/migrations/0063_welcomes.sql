-- Those who come back together are answered together: one statement, one commit and one wait for the disk for up to some dozens of sockets.
-- `p_asked`: an array of what `parley.welcome` asks for each of them; answered in no order, by its place there. They are taken in the order
-- of their people and devices, so that two such statements that concern the same devices hold them in the same order.
create or replace function parley.welcomes(p_asked jsonb, p_skew_ms bigint default 0)
returns table (place integer, welcome jsonb)
language plpgsql security invoker set search_path = ''
as $$
declare
  v_one record;
begin
  for v_one in
    select a.n::integer as n, q.*
    from jsonb_array_elements(p_asked) with ordinality as a (one, n)
    cross join lateral jsonb_to_record(a.one) as q (
      "userId" uuid, "sessionId" uuid, "isAnonymous" boolean, "deviceId" uuid, "instanceId" uuid, "leaseMs" integer,
      named jsonb, "inboxAfter" bigint, "inboxMost" integer, "despiteDue" boolean
    )
    order by q."userId", q."deviceId", q."instanceId"
  loop
    place := v_one.n - 1;
    welcome := parley.welcome(
      v_one."userId", v_one."sessionId", v_one."isAnonymous", v_one."deviceId", v_one."instanceId", v_one."leaseMs",
      array(select jsonb_array_elements_text(v_one.named)::uuid), v_one."inboxAfter", v_one."inboxMost",
      v_one."despiteDue", p_skew_ms
    );
    return next;
  end loop;
end
$$;
comment on function parley.welcomes(jsonb, bigint) is 'parley.welcome for several sockets that have come together.';
revoke all on function parley.welcomes(jsonb, bigint) from public, anon, authenticated;
grant execute on function parley.welcomes(jsonb, bigint) to service_role;
