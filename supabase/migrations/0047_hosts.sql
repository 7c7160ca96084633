-- 0040_groups.sql gave calls that lived while the program was replaced their initiator as host, wherever there was none. Run again by hand
-- it would do so to a group in which guests are among themselves, which has none (SPEC G1): until the next member came or went they
-- would have a host who is not there. This says it right, whatever was run how often: it changes nothing that is so already.
update public.call_sessions s set host_id = null
where s.host_id is not null and s.status in ('ringing', 'connecting', 'connected')
  and not exists (
    select from public.call_participants p
    where p.call_session_id = s.id and p.state in ('connecting', 'joined') and not p.is_guest
  );
