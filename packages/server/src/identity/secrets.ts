import { base64url } from 'jose';
import type { Database } from '../ports/database.ts';
import { randomToken } from '../random-token.ts';

/**
 * A secret of this installation, made on first use. It lives in the database, so that all nodes share it and a copy of the data
 * is whole; nobody but the server may read the table, and the embedded database's folder is the user's own.
 */
export async function installationSecret(db: Database, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const value = await db.tx(async (sql) => {
    await sql.query('insert into identity.secrets (name, value) values ($1, $2) on conflict (name) do nothing', [
      name,
      randomToken(),
    ]);
    const [row] = await sql.query<{ value: string }>('select value from identity.secrets where name = $1', [name]);
    if (row === undefined) throw new Error(`The secret ${name} could not be kept.`);
    return row.value;
  });
  return new Uint8Array(base64url.decode(value));
}
