import type { Channel, Session, Team } from '@parley/protocol';
import { expect, it } from 'vitest';
import { DEMO_PASSWORD, DEMO_PEOPLE } from '../../src/node/demo.ts';
import type { Database } from '../../src/ports/database.ts';
import { type EdgeStage, openEdge } from '../support/edge-stage.ts';

/** Empties the database, and so comes last. */
export function demoSuite(db: () => Database): void {
  async function withEdge<T>(env: Record<string, string>, run: (edge: EdgeStage) => Promise<T>): Promise<T> {
    const edge = await openEdge(db(), { PARLEY_DEMO: '', ...env });
    try {
      return await run(edge);
    } finally {
      await edge.stop();
    }
  }
  const isDemo = async (edge: EdgeStage) => (await edge.get<{ demo: boolean }>('/api/config')).body.demo;

  it('is no demo where there are people already', async () => {
    expect(await withEdge({}, isDemo)).toBe(false);
    expect(await withEdge({ PARLEY_DEMO: '1' }, isDemo)).toBe(false);
  });

  it('is no demo by default in production, on an open address or with a database of its own', async () => {
    await db().once('truncate auth.users, public.teams, identity."user" cascade');
    expect(await withEdge({ NODE_ENV: 'production' }, isDemo)).toBe(false);
    expect(await withEdge({ HOST: '0.0.0.0' }, isDemo)).toBe(false);
    expect(await withEdge({ DATABASE_URL: 'postgres://127.0.0.1/parley' }, isDemo)).toBe(false);
  });

  it('seeds an empty database with Acme, which everybody can enter', async () => {
    await withEdge({}, async (edge) => {
      const { body: config } = await edge.get<{ demo: boolean; people: unknown }>('/api/config');
      expect(config).toMatchObject({ demo: true, people: DEMO_PEOPLE });
      const body = { email: 'ada@acme.test', password: DEMO_PASSWORD };
      const { accessToken, user } = (await edge.post<Session>('/api/auth/sign-in', body)).body;
      expect(user.displayName).toBe('Ada Lovelace');
      const [team] = (await edge.get<{ items: Team[] }>('/api/teams', accessToken)).body.items;
      expect(team?.name).toBe('Acme');
      const channels = await edge.get<{ items: Channel[] }>(`/api/teams/${team?.id}/channels`, accessToken);
      expect(channels.body.items.map(({ name }) => name)).toEqual(['design', 'general']);
      const members = await edge.get<{ items: unknown[] }>(`/api/teams/${team?.id}/members`, accessToken);
      expect(members.body.items.length).toBe(8);
      const [general] = channels.body.items.filter(({ name }) => name === 'general');
      const messages = await edge.get<{ items: unknown[] }>(`/api/channels/${general?.id}/messages`, accessToken);
      expect(messages.body.items.length).toBeGreaterThan(0);
    });
  });

  it('seeds it once where several processes begin at once', async () => {
    await db().once('truncate auth.users, public.teams, identity."user", parley.installation cascade');
    const demos = ['1', '1', '1'].map((PARLEY_DEMO) => withEdge({ PARLEY_DEMO }, isDemo));
    expect(await Promise.all(demos)).toEqual([true, true, true]);
    expect(await db().once('select name from public.teams')).toEqual([{ name: 'Acme' }]);
    expect(await db().once('select count(*)::int as people from public.team_members')).toEqual([{ people: 8 }]);
  });

  it('a database that was seeded as demo stays demo, and is not seeded twice', async () => {
    expect(await withEdge({ NODE_ENV: 'production' }, isDemo)).toBe(true);
    expect(await withEdge({ PARLEY_DEMO: '0' }, isDemo)).toBe(false);
    expect(await db().once('select name from public.teams')).toEqual([{ name: 'Acme' }]);
  });
}
