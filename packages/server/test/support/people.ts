import { randomUUID } from 'node:crypto';
import type { Database } from '../../src/ports/database.ts';

/** A person with one device that has been seen. */
export interface TestPerson {
  readonly id: string;
  readonly displayName: string;
  readonly deviceId: string;
  readonly instanceId: string;
  /** Of a guest; everybody else's is their id, where a test signs none. */
  readonly token?: string;
}

export interface TestTeam {
  readonly id: string;
  /** Its channel *general*. */
  readonly channelId: string;
  readonly people: readonly TestPerson[];
}

/** A person; without `device` none of theirs is known yet. */
export async function makePerson(db: Database, displayName: string, { device = true } = {}): Promise<TestPerson> {
  const person = { id: randomUUID(), displayName, deviceId: randomUUID(), instanceId: randomUUID() };
  await db.tx(async (sql) => {
    await sql.query('insert into auth.users (id, email) values ($1, $2)', [person.id, `${person.id}@example.test`]);
    await sql.query('insert into public.profiles (id, display_name) values ($1, $2)', [person.id, displayName]);
    if (device) {
      await sql.query('select parley.touch_instance($1, $2, $3, null, 30000, 0)', [
        person.id,
        person.deviceId,
        person.instanceId,
      ]);
    }
  });
  return person;
}

/** A team with these people; the first one owns it. */
export async function makeTeam(db: Database, people: readonly TestPerson[], name = 'Acme'): Promise<TestTeam> {
  const team = { id: randomUUID(), channelId: randomUUID(), people };
  await db.tx(async (sql) => {
    await sql.query('insert into public.teams (id, name, created_by) values ($1, $2, $3)', [
      team.id,
      name,
      people[0]?.id ?? null,
    ]);
    for (const [index, person] of people.entries()) {
      await sql.query('insert into public.team_members (team_id, user_id, role) values ($1, $2, $3)', [
        team.id,
        person.id,
        index === 0 ? 'owner' : 'member',
      ]);
    }
    await sql.query(`insert into public.channels (id, team_id, name) values ($1, $2, 'general')`, [
      team.channelId,
      team.id,
    ]);
  });
  return team;
}
