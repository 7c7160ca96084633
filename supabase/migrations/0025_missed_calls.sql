-- The history shows missed calls alone, if one likes: a page of them costs the same however many others lie between. The
-- condition is the outcome table's (`packages/domain`: rows whose summary for the recipient is *Call missed*); a test holds
-- the query, word for word the same, against it.
create index if not exists call_sessions_missed_low on public.call_sessions (pair_low, created_at desc, id desc)
  where status = 'missed' or end_reason = 'busy';
create index if not exists call_sessions_missed_high on public.call_sessions (pair_high, created_at desc, id desc)
  where status = 'missed' or end_reason = 'busy';
