-- Roles that Supabase brings and another Postgres does not. They carry no login: the server's own user turns into one
-- of them for the length of a transaction (SET LOCAL ROLE), and row-level security then decides.
--
-- Roles belong to the whole cluster. The advisory lock keeps two servers on one database apart; two databases of one
-- cluster do not see each other's advisory locks, so a role that somebody else makes at this moment is no error.
select pg_advisory_xact_lock(7275392, 1);

do $$
declare
  v_role text;
begin
  foreach v_role in array array['anon', 'authenticated', 'service_role'] loop
    if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
      begin
        if v_role = 'service_role' then
          create role service_role nologin noinherit bypassrls;
        else
          execute format('create role %I nologin noinherit', v_role);
        end if;
      exception
        when duplicate_object or unique_violation then null;
        -- BYPASSRLS is for superusers to give. The server is the owner of the tables and does not need it.
        when insufficient_privilege then
          begin
            execute format('create role %I nologin noinherit', v_role);
          exception when duplicate_object or unique_violation then null;
          end;
      end;
    end if;
    -- A superuser is a member of every role already.
    if not pg_catalog.pg_has_role(current_user, v_role, 'member') then
      begin
        execute format('grant %I to %I', v_role, current_user);
      exception when unique_violation then null;
      end;
    end if;
  end loop;
end
$$;

-- Nobody makes objects in `public` but its owner: the default since Postgres 15, said for databases that are older.
revoke create on schema public from public;
grant usage on schema public to anon, authenticated, service_role;

create schema if not exists parley;
comment on schema parley is 'Functions of the calls, and the views through which they see the host''s people, teams and channels.';
revoke all on schema parley from public;
grant usage on schema parley to authenticated, service_role;
