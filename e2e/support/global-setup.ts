import { rm } from 'node:fs/promises';
import writeMediaFiles from './media-files.ts';
import { seededDataDir } from './paths.ts';
import { dropSeededDatabase, seedDatabase } from './seeded-database.ts';
import { ParleyServer } from './server.ts';

/** @returns what is to be done when all stories have been told */
export default async function globalSetup(): Promise<() => Promise<void>> {
  await writeMediaFiles();
  await rm(seededDataDir, { recursive: true, force: true });
  const server = await ParleyServer.start({ dataDir: seededDataDir });
  await server.stop();
  await seedDatabase();
  return dropSeededDatabase;
}
