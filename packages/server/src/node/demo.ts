import type { BuiltInIdentity } from '../identity/built-in.ts';
import { isKnown } from '../identity/known.ts';
import type { Database } from '../ports/database.ts';
import { insertChannel } from '../store/channels.ts';
import { insertMessage } from '../store/messages.ts';
import { insertMember, insertTeam } from '../store/teams.ts';
import type { Config } from './config.ts';

/** The contract's people; the sign-in page of the demo knows their password too. */
export const DEMO_PASSWORD = 'parley-demo';
export const DEMO_PEOPLE = [
  'Ada Lovelace',
  'Grace Hopper',
  'Linus Torvalds',
  'Margaret Hamilton',
  'Ken Thompson',
  'Barbara Liskov',
  'Dennis Ritchie',
  'Radia Perlman',
].map((displayName) => ({ displayName, email: `${displayName.split(' ', 1)[0]?.toLowerCase()}@acme.test` }));

/** Who said what, and how many minutes ago. */
const CHAT = {
  general: [
    ['grace@acme.test', 185, 'Hello! The release notes are in the wiki.'],
    ['linus@acme.test', 171, 'Read them. Two small remarks, otherwise fine.'],
    ['ada@acme.test', 64, 'Shall we talk about the roadmap later?'],
    ['margaret@acme.test', 61, 'Yes. I will call you, it is quicker than writing.'],
  ],
  design: [
    ['barbara@acme.test', 122, 'New drafts of the call screen are ready.'],
    ['radia@acme.test', 97, 'I like the second one: the controls stay out of the way.'],
  ],
} as const;

/**
 * Decides whether this is a demo, and seeds an empty database. By default a demo needs a loopback host, the embedded database,
 * and a NODE_ENV that is not production; a database that was seeded as demo stays one.
 */
export async function openDemo(
  db: Database,
  config: Pick<Config, 'demo' | 'loopback' | 'databaseUrl' | 'production'>,
  identity: BuiltInIdentity | null,
): Promise<boolean> {
  if (config.demo === false || identity === null) return false;
  const { mark, empty } = await lookAt(db);
  if (mark === 'seeded') return true;
  if (mark === null) {
    const wanted = config.demo ?? (config.loopback && config.databaseUrl === null && !config.production);
    if (!wanted || !empty) return false;
    await db.once("insert into parley.installation (name, value) values ('demo', 'begun') on conflict do nothing");
  }
  // Seeding that was cut short is taken up where it stopped.
  await seed(db, identity);
  return true;
}

/** Whom the sign-in page offers: those of the demo who have not been deleted since, by the names that they have now. */
export async function findDemoPeople(db: Database): Promise<{ id: string; email: string; displayName: string }[]> {
  const rows = await db.once<{ id: string; email: string; name: string }>(
    `select u.id, u.email, p.display_name as name from identity."user" u join public.profiles p on p.id = u.id
      where u.email = any ($1::text[])`,
    [DEMO_PEOPLE.map(({ email }) => email)],
  );
  return DEMO_PEOPLE.flatMap(({ email }) => {
    const row = rows.find((one) => one.email === email);
    return row === undefined ? [] : [{ id: row.id, email, displayName: row.name }];
  });
}

/** In one look: another process that begins leaves its mark before there is anybody. */
async function lookAt(db: Database): Promise<{ readonly mark: string | null; readonly empty: boolean }> {
  const [row] = await db.once<{ mark: string | null; empty: boolean }>(
    `select (select value from parley.installation where name = 'demo') as mark,
            not exists (select from auth.users) and not exists (select from public.teams) as empty`,
  );
  return { mark: row?.mark ?? null, empty: row?.empty === true };
}

async function seed(db: Database, identity: BuiltInIdentity): Promise<void> {
  for (const person of DEMO_PEOPLE) {
    if (await isKnown(db, person.email)) continue;
    // Another process that began at the same moment may have been quicker.
    await identity.signUp({ ...person, password: DEMO_PASSWORD }).catch(async (error: unknown) => {
      if (!(await isKnown(db, person.email))) throw error;
    });
  }
  await db.tx(async (sql) => {
    const [mark] = await sql.query<{ value: string }>(
      "select value from parley.installation where name = 'demo' for update",
    );
    if (mark?.value === 'seeded') return;
    const rows = await sql.query<{ id: string; email: string }>('select id, email from identity."user"');
    const idOf = (email: string): string => {
      const id = rows.find((row) => row.email === email)?.id;
      if (id === undefined) throw new Error(`${email} is missing.`);
      return id;
    };
    const owner = idOf('ada@acme.test');
    const team = await insertTeam(sql, 'Acme', owner);
    for (const { email } of DEMO_PEOPLE) await insertMember(sql, team.id, idOf(email), 'member');
    for (const [name, messages] of Object.entries(CHAT)) {
      const channel = await insertChannel(sql, team.id, name, owner);
      for (const [email, minutes, content] of messages) {
        await insertMessage(sql, { channelId: channel.id, authorId: idOf(email), content, ageMs: minutes * 60_000 });
      }
    }
    // Making the accounts signed them in.
    await sql.query('delete from identity.session');
    await sql.query("update parley.installation set value = 'seeded' where name = 'demo'");
  });
}
