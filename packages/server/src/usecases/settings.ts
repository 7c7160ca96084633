import type { ChangeSettings, Member, PersonSettings } from '@parley/protocol';
import { EdgeError } from '../ports/edge-error.ts';
import { findPicture, type Picture, savePicture } from '../store/pictures.ts';
import { findMemberships, findSettings, saveSettings } from '../store/settings.ts';
import { type ChatDeps, claimsOf, type Person } from './chat-deps.ts';
import { isGoodPicture, type PictureType } from './picture-format.ts';

/** @throws EdgeError `token_invalid` for somebody who was deleted while the token still ran */
export async function readSettings({ db, settings }: ChatDeps, { userId }: Person): Promise<PersonSettings> {
  const found = await db.tx((sql) => findSettings(sql, userId));
  if (found === undefined) throw new EdgeError('token_invalid');
  return { ...found, relayAvailable: settings.turn !== null };
}

/** Changes what is named; whoever knows the person hears of what they may see. */
export async function changeSettings(deps: ChatDeps, person: Person, change: ChangeSettings): Promise<PersonSettings> {
  await deps.db.tx((sql) => saveSettings(sql, person.userId, change));
  if (change.displayName !== undefined || change.doNotDisturbUntil !== undefined) await tellTeams(deps, person);
  return readSettings(deps, person);
}

/** @throws EdgeError `picture_invalid` for bytes that are not of the type that they are said to be, or too many pixels */
export async function changePicture(
  deps: ChatDeps,
  person: Person,
  { type, bytes }: { readonly type: PictureType; readonly bytes: Uint8Array<ArrayBuffer> },
): Promise<string> {
  if (!isGoodPicture(bytes, type)) throw new EdgeError('picture_invalid');
  const hash = hexOf(await crypto.subtle.digest('SHA-256', bytes));
  const changed = await deps.db.tx((sql) => savePicture(sql, person.userId, { type, bytes, hash }));
  if (changed) await tellTeams(deps, person);
  return hash;
}

export async function removePicture(deps: ChatDeps, person: Person): Promise<void> {
  if (await deps.db.tx((sql) => savePicture(sql, person.userId, null))) await tellTeams(deps, person);
}

/** @throws EdgeError `not_found` for a stranger’s, and for one that has been replaced */
export async function readPicture({ db }: ChatDeps, person: Person, userId: string, hash: string): Promise<Picture> {
  const found = await db.readAs(claimsOf(person), (sql) => findPicture(sql, userId, hash));
  if (found === undefined) throw new EdgeError('not_found');
  return found;
}

async function tellTeams({ db, publisher }: ChatDeps, { userId }: Person): Promise<void> {
  const found: { person: Member; teamIds: readonly string[] } | undefined = await db.tx((sql) =>
    findMemberships(sql, userId),
  );
  for (const teamId of found?.teamIds ?? []) if (found) publisher.personChanged(teamId, found.person);
}

const hexOf = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((value) => value.toString(16).padStart(2, '0')).join('');
