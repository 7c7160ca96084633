-- Seam: what the end of a call has left in the host's chat, so that the server can tell those who read it. Asked in the
-- transaction that ends the call, after `parley.call_over`: the server names no table of the host there, which another
-- host does not have. Null where the call left nothing, and where the calls know of no chat.
--
-- A host of its own chat may leave it so. One that wants the server's sockets to carry the message answers with the fields of
-- a message (`id`, `channelId`, `authorId`, `authorName`, `type`, `content`, `call`, and `createdAt` in milliseconds since
-- the epoch) and `newIn`: the team whose channel is so new that people may not know of it, or null.
do $$
begin
  if to_regprocedure('parley.call_message(uuid)') is null then
    create function parley.call_message(p_call uuid) returns jsonb
    language sql stable security definer set search_path = ''
    as 'select null::jsonb';
    comment on function parley.call_message(uuid) is 'Seam: what a call left in the chat. Null where the host brings none of its own.';
  end if;
end
$$;
revoke all on function parley.call_message(uuid) from public, anon, authenticated;
grant execute on function parley.call_message(uuid) to service_role;
