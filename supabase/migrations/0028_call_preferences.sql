-- How a person wants to be called. One row for whoever has ever chosen something; nobody's choice is read by others but
-- whether they want to be left in peace.
create table if not exists public.call_preferences (
  user_id uuid primary key references auth.users (id) on delete cascade,
  do_not_disturb_until timestamptz,
  hide_address text not null default 'never' check (hide_address in ('never', 'until_answer', 'always')),
  updated_at timestamptz not null default date_trunc('milliseconds', clock_timestamp())
);
comment on table public.call_preferences is 'How a person wants to be called.';
comment on column public.call_preferences.do_not_disturb_until is 'Until then calls make no sound on the person''s devices; null or past: they do. The end of the year 9999 is for good.';
comment on column public.call_preferences.hide_address is '`always`: media goes through a relay alone. `until_answer` is kept for calls that connect while they still ring; today none does.';
alter table public.call_preferences enable row level security;
drop policy if exists my_call_preferences on public.call_preferences;
create policy my_call_preferences on public.call_preferences for select to authenticated
  using (user_id = (select auth.uid()));
revoke all on public.call_preferences from public, anon, authenticated, service_role;
grant select on public.call_preferences to authenticated;
grant select, insert, update, delete on public.call_preferences to service_role;

-- Colleagues are told, so that whoever calls knows beforehand; of strangers nothing is said.
create or replace function parley.quiet_in_team(p_team uuid) returns table (user_id uuid, until timestamptz)
language sql stable security definer set search_path = ''
as $$
  select q.user_id, q.do_not_disturb_until
  from public.call_preferences q
  join public.team_members m on m.user_id = q.user_id and m.team_id = p_team
  where q.do_not_disturb_until is not null and (select parley.in_team(p_team))
$$;
comment on function parley.quiet_in_team(uuid) is 'Who of a team of one''s own does not want to be disturbed, and until when.';
revoke all on function parley.quiet_in_team(uuid) from public, anon;
grant execute on function parley.quiet_in_team(uuid) to authenticated, service_role;
