import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from './plan.ts';
import type { Shrunk } from './shrink.ts';

/** Plans that once broke a rule: they are run again with every test. */
const SEEDS = fileURLToPath(new URL('../../seeds/', import.meta.url));

export interface KeptSeed {
  readonly name: string;
  /** What was broken, as it was found. */
  readonly rule: string;
  readonly text: string;
  readonly plan: Plan;
}

export async function keptSeeds(): Promise<readonly KeptSeed[]> {
  const names = (await readdir(SEEDS).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    names.map(async (name) => ({ ...(JSON.parse(await readFile(join(SEEDS, name), 'utf8')) as KeptSeed), name })),
  );
}

/** @returns the file */
export async function keepSeed({ plan, violation: { rule, text } }: Shrunk): Promise<string> {
  await mkdir(SEEDS, { recursive: true });
  const path = join(SEEDS, `${rule}-${plan.seed}.json`);
  await writeFile(path, `${JSON.stringify({ rule, text, plan }, null, 2)}\n`);
  return path;
}
