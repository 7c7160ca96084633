-- A picture of each person, beside the name: seen by whoever may know the name.
alter table public.profiles add column if not exists picture bytea;
alter table public.profiles add column if not exists picture_type text;
alter table public.profiles add column if not exists picture_hash text;
do $$
begin
  if not exists (select from pg_catalog.pg_constraint where conname = 'profiles_picture_whole') then
    alter table public.profiles add constraint profiles_picture_whole check (
      (picture is null and picture_type is null and picture_hash is null)
      or (
        octet_length(picture) between 1 and 102400 and picture_type in ('image/jpeg', 'image/webp')
        and picture_hash ~ '^[0-9a-f]{64}$'
      )
    );
  end if;
end
$$;
comment on column public.profiles.picture is 'At most 100 KiB and 512 pixels each way; the server has looked at its first bytes. Null: initials.';
comment on column public.profiles.picture_hash is 'SHA-256 of the picture in hex: its address, and what caches know it by.';
