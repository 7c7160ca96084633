import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { filmY4m, toneWav } from './fake-media.ts';
import { filmFile, toneFile } from './paths.ts';

/** What every fake microphone plays and every fake camera shows. As a global set-up it is all that a test may want. */
export default async function writeMediaFiles(): Promise<void> {
  await mkdir(dirname(toneFile), { recursive: true });
  await writeFile(toneFile, toneWav());
  await writeFile(filmFile, filmY4m());
}
