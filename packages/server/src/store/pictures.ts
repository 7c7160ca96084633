import type { Sql } from '../ports/database.ts';

export interface Picture {
  readonly type: 'image/jpeg' | 'image/webp';
  readonly hash: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The picture of somebody whom the asker may know, if it is this one. */
export async function findPicture(sql: Sql, userId: string, hash: string): Promise<Picture | undefined> {
  const [row] = await sql.query<{ picture: Uint8Array; picture_type: Picture['type'] }>(
    'select picture, picture_type from public.profiles where id = $1 and picture_hash = $2',
    [userId, hash],
  );
  return row === undefined ? undefined : { type: row.picture_type, hash, bytes: new Uint8Array(row.picture) };
}

/** @returns whether anything has changed */
export async function savePicture(sql: Sql, userId: string, picture: Picture | null): Promise<boolean> {
  const rows = await sql.query(
    `update public.profiles set picture = $2, picture_type = $3, picture_hash = $4, updated_at = clock_timestamp()
      where id = $1 and picture_hash is distinct from $4 returning 1 as changed`,
    [userId, picture?.bytes ?? null, picture?.type ?? null, picture?.hash ?? null],
  );
  return rows.length > 0;
}
