-- Who takes part in a call, and through which running copy of the app.
create table if not exists public.call_participants (
  id uuid primary key default gen_random_uuid(),
  call_session_id uuid not null references public.call_sessions (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete restrict,
  position integer not null check (position >= 0),
  state public.participant_state not null,
  joined_at timestamptz,
  left_at timestamptz,
  is_muted boolean not null default false,
  video_enabled boolean not null default false,
  device_id uuid,
  instance_id uuid,
  constraint call_participants_once unique (call_session_id, user_id),
  constraint call_participants_position unique (call_session_id, position),
  -- Whoever holds a seat has a lease, and an instance that holds a seat cannot be cleared away.
  constraint call_participants_seat_instance foreign key (user_id, instance_id)
    references public.device_instances (user_id, id) on delete restrict,
  constraint call_participants_seat check (
    (state in ('connecting', 'joined')) = (instance_id is not null) and (device_id is null) = (instance_id is null)
  ),
  constraint call_participants_joined check (
    case state when 'joined' then joined_at is not null when 'left' then true else joined_at is null end
  ),
  constraint call_participants_left check (
    (state = 'left') = (left_at is not null) and (joined_at is null or left_at is null or left_at >= joined_at)
  )
);

comment on table public.call_participants is 'A person in a call. Written by the server alone.';
comment on column public.call_participants.position is 'Order in the call: the initiator is 0, then as invited.';
comment on column public.call_participants.joined_at is 'When media of this person first flowed; null until then.';
comment on column public.call_participants.device_id is 'The seat: only while the person connects or has joined.';
comment on column public.call_participants.instance_id is 'The running copy that holds the seat; its lease is in device_instances.';

-- Whoever holds a seat somewhere: who is busy, and whose lease has to last.
create index if not exists call_participants_seats on public.call_participants (user_id, instance_id)
  where state in ('connecting', 'joined');
-- What rings for a person right now.
create index if not exists call_participants_rung on public.call_participants (user_id) where state in ('invited', 'ringing');
create index if not exists call_participants_user on public.call_participants (user_id, call_session_id);

alter table public.call_participants enable row level security;
