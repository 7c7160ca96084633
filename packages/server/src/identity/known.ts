import type { Database } from '../ports/database.ts';

/** Whether there is an account with this address, in whatever case it is written. */
export const isKnown = async (db: Database, email: string): Promise<boolean> =>
  (await db.once('select 1 as found from identity."user" where email = $1', [email.toLowerCase()])).length > 0;
