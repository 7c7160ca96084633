import { gathered } from '../gathered.ts';
import type { Database } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FIND = 'select user_id from auth.issuer_subjects where issuer = $1 and subject = $2';

interface ForeignPerson {
  readonly issuer: string;
  readonly subject: string;
  readonly displayName: string;
}

/**
 * Our id of somebody whom a foreign issuer knows as `subject`; made on their first request. A subject that is a UUID keeps it
 * (with Supabase Auth it is `auth.users.id` already), unless a built-in account or another issuer's person has it.
 */
export function createForeignPeople(db: Database): (person: ForeignPerson) => Promise<string> {
  const find = gathered((people: readonly ForeignPerson[]) => findPeople(db, people));
  // The tables are made before the server starts.
  let keeps: boolean | undefined;
  return async (person) => {
    keeps ??= await keepsSubjects(db);
    if (!keeps) return idAsItIs(person.subject);
    return (await find(person)) ?? (await makePerson(db, person));
  };
}

async function findPeople(db: Database, people: readonly ForeignPerson[]): Promise<readonly (string | undefined)[]> {
  const rows = await db.once<{ at: number; user_id: string }>(
    `select w.at::int as at, s.user_id
       from unnest($1::text[], $2::text[]) with ordinality as w(issuer, subject, at)
       join auth.issuer_subjects s on s.issuer = w.issuer and s.subject = w.subject`,
    [people.map(({ issuer }) => issuer), people.map(({ subject }) => subject)],
  );
  const found = new Map(rows.map((row) => [row.at, row.user_id]));
  return people.map((_, index) => found.get(index + 1));
}

function makePerson(db: Database, { issuer, subject, displayName }: ForeignPerson): Promise<string> {
  return db.tx(async (sql) => {
    // Two first requests of one person at once would make two people.
    await sql.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [JSON.stringify([issuer, subject])]);
    const [meanwhile] = await sql.query<{ user_id: string }>(FIND, [issuer, subject]);
    if (meanwhile !== undefined) return meanwhile.user_id;

    const candidate = UUID.test(subject.toLowerCase()) ? subject.toLowerCase() : null;
    const [row] = await sql.query<{ id: string }>(
      `select case when $1::uuid is null
                     or exists (select from identity."user" where id = $1::uuid)
                     or exists (select from auth.issuer_subjects where user_id = $1::uuid)
                   then gen_random_uuid() else $1::uuid end as id`,
      [candidate],
    );
    if (row === undefined) throw new Error('A select without a table gave no row.');
    await sql.query('insert into auth.users (id) values ($1) on conflict (id) do nothing', [row.id]);
    await sql.query('insert into auth.issuer_subjects (issuer, subject, user_id) values ($1, $2, $3)', [
      issuer,
      subject,
      row.id,
    ]);
    await sql.query('insert into public.profiles (id, display_name) values ($1, $2) on conflict (id) do nothing', [
      row.id,
      displayName,
    ]);
    return row.id;
  });
}

/** In somebody's own Supabase project there is no such table: there the subject is `auth.users.id`. */
async function keepsSubjects(db: Database): Promise<boolean> {
  const [row] = await db.once<{ ours: boolean }>("select to_regclass('auth.issuer_subjects') is not null as ours");
  return row?.ours === true;
}

function idAsItIs(subject: string): string {
  const id = subject.toLowerCase();
  if (!UUID.test(id)) throw new EdgeError('token_invalid');
  return id;
}
