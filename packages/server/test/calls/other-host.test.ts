import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migratePg } from '../../src/node/migrate.ts';
import { openPg } from '../../src/node/pg.ts';
import type { Database } from '../../src/ports/database.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { createDatabase, onPostgres } from '../support/databases.ts';
import { makeTeam, type TestPerson } from '../support/people.ts';

/** As little as supabase/README.md asks of a host: people and teams of its own, and no chat of ours. */
const HOST = [
  'create schema auth',
  'create table auth.users (id uuid primary key, email text)',
  'create function auth.uid() returns uuid language sql stable as $$ select null::uuid $$',
  'create table public.teams (id uuid primary key, name text, created_by uuid)',
  'create table public.channels (id uuid primary key, team_id uuid references public.teams, name text)',
  `create table public.team_members (
     team_id uuid references public.teams, user_id uuid references auth.users, role text, primary key (team_id, user_id)
   )`,
];

onPostgres('calls on a host that has no chat of ours', () => {
  let db: Database;
  let drop: () => Promise<void>;
  let s: Stage;
  beforeAll(async () => {
    const made = await createDatabase();
    drop = made.drop;
    db = openPg({ connectionString: made.url });
    for (const text of HOST) await db.once(text);
    const { applied } = await migratePg(made.url);
    expect(applied.every((name) => name.startsWith('calls/'))).toBe(true);
    s = openStage(db);
  });
  afterAll(async () => {
    await s?.close();
    await db?.close();
    await drop?.();
  });

  const person = async (displayName: string): Promise<TestPerson> => {
    const made = { id: randomUUID(), displayName, deviceId: randomUUID(), instanceId: randomUUID() };
    await db.once('insert into auth.users (id, email) values ($1, $2)', [made.id, `${displayName}@example.test`]);
    return made;
  };
  const pair = async () => {
    const [ada, grace] = [await person('Ada'), await person('Grace')];
    return { ada, grace, team: await makeTeam(db, [ada, grace]) };
  };
  const ending = (callId: string) =>
    db.once<{ status: string; end_reason: string }>(
      'select status, end_reason from public.call_sessions where id = $1',
      [callId],
    );

  it.each<[string, (call: { ada: TestPerson; grace: TestPerson; id: string }) => Promise<unknown>, string]>([
    ['is declined', ({ grace, id }) => s.command(grace, id, 'decline'), 'rejected'],
    ['is cancelled', ({ ada, id }) => s.command(ada, id, 'cancel'), 'missed'],
    ['rings to its end', () => s.pass(31_000), 'missed'],
  ])('one that %s is over, and nothing is said of it', async (_, end, status) => {
    const { ada, grace, team } = await pair();
    const { body } = await s.create(team, ada, grace);
    await end({ ada, grace, id: body.id });
    expect(await ending(body.id)).toMatchObject([{ status }]);
    expect(s.errors).toEqual([]);
  });

  it('somebody hangs up', async () => {
    const { ada, grace, team } = await pair();
    const { id } = await s.connected(team, ada, grace);
    expect((await s.command(ada, id, 'leave')).status).toBe(200);
    expect(await ending(id)).toMatchObject([{ status: 'ended' }]);
  });

  it('a call to somebody who is busy ends as it is made', async () => {
    const { ada, grace, team } = await pair();
    const linus = await person('Linus');
    const ken = await person('Ken');
    await db.once('insert into public.team_members (team_id, user_id) values ($1, $2), ($1, $3)', [
      team.id,
      linus.id,
      ken.id,
    ]);
    await s.connected(team, ada, grace);
    await s.create(team, ken, ada);
    const { status, body } = await s.create(team, linus, ada);
    expect(status).toBe(201);
    expect(await ending(body.id)).toMatchObject([{ status: 'rejected', end_reason: 'busy' }]);
    expect(s.heard.filter((told) => told.t === 'message')).toEqual([]);
  });
});
