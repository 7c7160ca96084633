-- What a call has left in our chat, as supabase/migrations/0037_call_message.sql asks for it.
create or replace function parley.call_message(p_call uuid) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'id', m.id, 'channelId', m.channel_id, 'authorId', m.author_id, 'authorName', coalesce(p.display_name, ''),
      'type', m.type, 'content', m.content, 'call', m.call, 'createdAt', parley.ms(m.created_at),
      'newIn', case when not exists (
        select from public.messages o where o.channel_id = m.channel_id and o.id <> m.id
      ) then c.team_id end
    )
    from public.messages m
    join public.channels c on c.id = m.channel_id
    left join public.profiles p on p.id = m.author_id
    where m.type = 'call' and m.call ->> 'id' = p_call::text
  );
end
$$;
comment on function parley.call_message(uuid) is 'Seam: the message that a call left in the direct channel of its two people.';
revoke all on function parley.call_message(uuid) from public, anon, authenticated;
grant execute on function parley.call_message(uuid) to service_role;
