import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { filmY4m, toneWav } from './fake-media.ts';
import { filmFile, seededDataDir, toneFile } from './paths.ts';
import { ParleyServer } from './server.ts';

export default async function globalSetup(): Promise<void> {
  await mkdir(dirname(toneFile), { recursive: true });
  await writeFile(toneFile, toneWav());
  await writeFile(filmFile, filmY4m());
  await rm(seededDataDir, { recursive: true, force: true });
  const server = await ParleyServer.start({ dataDir: seededDataDir });
  await server.stop();
}
