import type { Principal, Standing, TokenVerifier } from '../ports/auth.ts';
import { type ServerClock, serverNow } from '../ports/clock.ts';
import { type Database, DatabaseUnavailable } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';

/** How long a good standing is taken as read, in milliseconds: so long somebody who was blocked can go on. */
const STANDING_MS = 2_000;
/** People and sessions of whom it is remembered. */
const REMEMBERED = 10_000;

const PERSON_IS_THERE = `exists (
    select from auth.users u
    where u.id = w.user_id and u.deleted_at is null
      and (u.banned_until is null or u.banned_until <= clock_timestamp() + $3::float8 * interval '1 millisecond')
  )`;
const SESSION_IS_THERE = '(w.session_id is null or exists (select from identity.session s where s.id = w.session_id))';

/** `ownSessions`: the sessions are kept here, not by a foreign issuer. */
export function createStanding(deps: { db: Database; clock: ServerClock }, ownSessions: boolean): Standing {
  const isThere = ownSessions ? `${PERSON_IS_THERE} and ${SESSION_IS_THERE}` : PERSON_IS_THERE;
  return {
    async gone(principals) {
      const rows = await deps.db.once<{ at: number }>(
        `select w.at::int as at
           from unnest($1::uuid[], $2::uuid[]) with ordinality as w(user_id, session_id, at)
          where not (${isThere})`,
        [principals.map((p) => p.userId), principals.map((p) => p.sessionId ?? null), deps.clock.skewMs()],
      );
      return rows.flatMap(({ at }) => principals[at - 1] ?? []);
    },
  };
}

/**
 * Takes no token of somebody who is gone. A person's standing is asked for at most once in `STANDING_MS`; while the database
 * is away what was known last holds, so that sockets keep their calls alive.
 */
export function withStanding(verifier: TokenVerifier, standing: Standing, clock: ServerClock): TokenVerifier {
  const seenAt = new Map<string, number>();

  async function check(principal: Principal): Promise<void> {
    const key = `${principal.userId} ${principal.sessionId ?? ''}`;
    const now = serverNow(clock);
    const last = seenAt.get(key);
    if (last !== undefined && now - last < STANDING_MS) return;
    const gone = await standing.gone([principal]).catch((error: unknown) => {
      if (error instanceof DatabaseUnavailable && last !== undefined) return [];
      throw error;
    });
    seenAt.delete(key);
    if (gone.length > 0) throw new EdgeError('token_invalid');
    if (seenAt.size >= REMEMBERED) seenAt.delete(seenAt.keys().next().value ?? '');
    seenAt.set(key, now);
  }

  return {
    signed: (token) => verifier.verify(token),
    async verify(token) {
      const principal = await verifier.verify(token);
      await check(principal);
      return principal;
    },
  };
}
