import { rm } from 'node:fs/promises';
import writeMediaFiles from './media-files.ts';
import { seededDataDir } from './paths.ts';
import { ParleyServer } from './server.ts';

export default async function globalSetup(): Promise<void> {
  await writeMediaFiles();
  await rm(seededDataDir, { recursive: true, force: true });
  const server = await ParleyServer.start({ dataDir: seededDataDir });
  await server.stop();
}
