-- The service role reads and writes rows; it does not empty tables, nor hang triggers on them. Of accounts it reads what
-- the auth shim keeps, as Supabase lets it.
revoke truncate, references, trigger on
  auth.users, auth.issuer_subjects, public.profiles, public.teams, public.team_members, public.channels, public.messages,
  public.team_invitations
from service_role;
