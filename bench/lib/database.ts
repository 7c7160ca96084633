import { createHmac, randomBytes } from 'node:crypto';
import { migratePg } from '../../packages/server/src/node/migrate.ts';
import { openPg } from '../../packages/server/src/node/pg.ts';
import type { Database } from '../../packages/server/src/ports/database.ts';
import type { ProcessTimes } from './load.ts';

const adminUrl = process.env.TEST_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
const SECONDS = 7200;

/** Person number `n` and what is theirs: ids that a script of pgbench can write down, too. */
export const idOf = (what: 'person' | 'device' | 'instance', n: number): string => {
  const kind = { person: 1, device: 2, instance: 3 }[what];
  return `00000000-0000-4000-8000-00000${kind}${String(100_000 + n)}`;
};
export const TEAM = '00000000-0000-4000-8000-00000000000a';

export interface BenchDatabase {
  readonly url: string;
  readonly name: string;
  readonly db: Database;
  /** A token of person number `n`, as a foreign issuer signs it. */
  token(n: number): string;
  /** For the server. */
  readonly env: Record<string, string>;
  close(): Promise<void>;
}

/** Why there is none, in a sentence. */
export async function databaseLack(): Promise<string | undefined> {
  const admin = openPg({ connectionString: adminUrl, max: 1 });
  try {
    await admin.once('select 1');
    return undefined;
  } catch {
    return 'no Postgres: set TEST_DATABASE_URL, or install it';
  } finally {
    await admin.close();
  }
}

/** A database of its own on the real Postgres, with so many people of one team, each with a device. */
export async function openBenchDatabase(people: number): Promise<BenchDatabase> {
  const name = `parley_speed_${randomBytes(6).toString('hex')}`;
  const admin = openPg({ connectionString: adminUrl, max: 1 });
  await admin.once(`create database ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await migratePg(url.href);
  const db = openPg({ connectionString: url.href });
  await fill(db, people);
  const secret = randomBytes(32).toString('hex');
  return {
    url: url.href,
    name,
    db,
    token: (n) => sign({ sub: idOf('person', n), exp: Math.floor(Date.now() / 1000) + SECONDS }, secret),
    env: { DATABASE_URL: url.href, AUTH_JWT_SECRET: secret, PARLEY_DEMO: '0' },
    close: async () => {
      await db.close();
      await admin.once(`drop database ${name} with (force)`);
      await admin.close();
    },
  };
}

/** Backends of this database: they work for the bench, though they are no children of it. */
export const isBackend = ({ command }: ProcessTimes): boolean => command === 'postgres';

async function fill(db: Database, people: number): Promise<void> {
  const id = (what: 'person' | 'device' | 'instance') => `(left('${idOf(what, 0)}', 30) || (100000 + n))::uuid`;
  await db.tx(async (sql) => {
    const all = `from generate_series(0, ${people - 1}) as n`;
    await sql.query(`insert into auth.users (id) select ${id('person')} ${all}`);
    await sql.query(
      `insert into auth.issuer_subjects (issuer, subject, user_id) select '', ${id('person')}::text, ${id('person')} ${all}`,
    );
    await sql.query(`insert into public.profiles (id, display_name) select ${id('person')}, 'Person ' || n ${all}`);
    await sql.query('insert into public.teams (id, name, created_by) values ($1, $2, $3)', [
      TEAM,
      'Bench',
      idOf('person', 0),
    ]);
    await sql.query(
      `insert into public.team_members (team_id, user_id, role) select '${TEAM}', ${id('person')}, case n when 0 then 'owner' else 'member' end ${all}`,
    );
    await sql.query(
      `select parley.touch_instance(${id('person')}, ${id('device')}, ${id('instance')}, null, 30000, 0) ${all}`,
    );
  });
}

/** HS256 (RFC 7515). */
function sign(payload: object, secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}
