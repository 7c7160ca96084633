-- The ledger says what was set right in the media server's room of a live call: who was in it otherwise than the call has them. See
-- docs/decisions/0054.
alter table public.call_events drop constraint if exists call_events_type_check;
alter table public.call_events add constraint call_events_type_check check (
  type in (
    'created', 'accepted', 'declined', 'cancelled', 'timed_out', 'busy', 'media_connected', 'media_state', 'left',
    'dropped', 'ended', 'invited', 'admitted', 'removed', 'muted', 'locked', 'host', 'hand', 'media_plan', 'waiting',
    'hold', 'moved', 'media_reconciled'
  )
);
