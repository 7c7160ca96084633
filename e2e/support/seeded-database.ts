import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropDatabase, missingPostgres, newDatabase, postgresUrl } from './own-database.ts';
import { seededDatabaseFile } from './paths.ts';
import { ParleyServer } from './server.ts';

/** Makes a database with the demo team in it, for stories to copy. Without a Postgres they make do with data folders. */
export async function seedDatabase(): Promise<void> {
  await dropSeededDatabase();
  if ((await missingPostgres()) !== null) return;
  const { name, url } = await newDatabase(postgresUrl);
  // Written down before it is used: whatever becomes of this run, the next one takes it away.
  await writeFile(seededDatabaseFile, JSON.stringify(name));
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-e2e-'));
  const server = await ParleyServer.start({ dataDir, env: { DATABASE_URL: url } });
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}

/** The name of the one to copy, or undefined where there is none. */
export async function seededDatabase(): Promise<string | undefined> {
  const text = await readFile(seededDatabaseFile, 'utf8').catch(() => null);
  return text === null ? undefined : JSON.parse(text);
}

export async function dropSeededDatabase(): Promise<void> {
  const name = await seededDatabase();
  if (name === undefined) return;
  await rm(seededDatabaseFile);
  await dropDatabase(postgresUrl, name).catch(() => undefined);
}
