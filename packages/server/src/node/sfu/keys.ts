import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Keys = z.strictObject({ key: z.string().min(8), secret: z.string().min(32) });
export type Keys = z.output<typeof Keys>;

/** What the server and its own media server know each other by: made once, kept in the data folder for its user alone. */
export function ownKeys(dataDir: string): Keys {
  const path = join(dataDir, 'livekit-keys.json');
  try {
    const kept = Keys.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (kept.success) return kept.data;
  } catch {
    // None yet, or half-written: others do as well, since both sides get them from here.
  }
  const keys: Keys = { key: `parley${randomBytes(6).toString('hex')}`, secret: randomBytes(32).toString('base64url') };
  writeFileSync(`${path}.new`, JSON.stringify(keys), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return keys;
}
