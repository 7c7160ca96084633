import type { ServerClock } from '../ports/clock.ts';
import type { Database } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import { hashToken, randomToken } from '../random-token.ts';
import { SESSION_SECONDS } from './accounts.ts';

/** How long a used token is honoured, in milliseconds: a reply that was lost, two tabs that refresh at once. */
const GRACE_MS = 10_000;
/** Used tokens are remembered for so long, in days, to tell a thief from a stranger. */
const MEMORY_DAYS = 7;

export interface RefreshTokens {
  /** The first token of a session of the auth library. */
  begin(
    sessionToken: string,
    userAgent: string | null,
  ): Promise<{ sessionId: string; userId: string; refreshToken: string }>;
  /**
   * The next token. A used one gives a fresh one within the grace; after that its use ends the session (RFC 9700, 4.14.2).
   * @throws EdgeError `refresh_invalid`
   */
  rotate(refreshToken: string): Promise<{ sessionId: string; userId: string; refreshToken: string }>;
  /** The session of this token, or null; the token may have been used. */
  sessionOf(refreshToken: string): Promise<{ sessionId: string; userId: string } | null>;
}

interface Found {
  session_id: string;
  user_id: string;
  used_ms: number | null;
  expired: boolean;
}

/** `onReuse` hears of a session that was ended because a used token came back, or one that had run out. */
export function createRefreshTokens(
  db: Database,
  clock: ServerClock,
  onReuse: (session: { sessionId: string; userId: string }) => void,
): RefreshTokens {
  return {
    async begin(sessionToken, userAgent) {
      const refreshToken = randomToken();
      const hash = await hashToken(refreshToken);
      const [row] = await db.once<{ session_id: string; user_id: string }>(
        `with session as (
           update identity.session
              set "expiresAt" = clock_timestamp() + $3::float8 * interval '1 millisecond' + $4::float8 * interval '1 second',
                  "userAgent" = $5
            where token = $1 returning id, "userId"),
         made as (insert into identity.refresh_tokens (hash, session_id) select $2, id from session)
         select id as session_id, "userId" as user_id from session`,
        [sessionToken, hash, clock.skewMs(), SESSION_SECONDS, userAgent],
      );
      if (row === undefined) throw new Error('The session that was just begun is gone.');
      return { sessionId: row.session_id, userId: row.user_id, refreshToken };
    },

    async rotate(refreshToken) {
      const hash = await hashToken(refreshToken);
      const next = randomToken();
      const nextHash = await hashToken(next);
      const outcome = await db.tx(async (sql) => {
        const [found] = await sql.query<Found>(
          `select r.session_id, s."userId" as user_id,
                  (extract(epoch from (n.now - r.used_at)) * 1000)::float8 as used_ms, s."expiresAt" <= n.now as expired
             from identity.refresh_tokens r
             join identity.session s on s.id = r.session_id,
                  lateral (select clock_timestamp() + $2::float8 * interval '1 millisecond' as now) n
            where r.hash = $1
              for update of s`,
          [hash, clock.skewMs()],
        );
        if (found === undefined) return { kind: 'unknown' } as const;
        const reused = found.used_ms !== null && found.used_ms > GRACE_MS;
        if (reused || found.expired) {
          await sql.query('delete from identity.session where id = $1', [found.session_id]);
          return { kind: 'ended', sessionId: found.session_id, userId: found.user_id } as const;
        }
        await sql.query(
          `update identity.refresh_tokens
              set used_at = clock_timestamp() + $2::float8 * interval '1 millisecond'
            where hash = $1 and used_at is null`,
          [hash, clock.skewMs()],
        );
        await sql.query('insert into identity.refresh_tokens (hash, session_id) values ($1, $2)', [
          nextHash,
          found.session_id,
        ]);
        await sql.query(
          `update identity.session
              set "expiresAt" = clock_timestamp() + $2::float8 * interval '1 millisecond' + $3::float8 * interval '1 second',
                  "updatedAt" = clock_timestamp()
            where id = $1`,
          [found.session_id, clock.skewMs(), SESSION_SECONDS],
        );
        await sql.query(
          `delete from identity.refresh_tokens where session_id = $1 and used_at < clock_timestamp() - $2::float8 * interval '1 day'`,
          [found.session_id, MEMORY_DAYS],
        );
        return { kind: 'rotated', sessionId: found.session_id, userId: found.user_id } as const;
      });
      if (outcome.kind === 'rotated') {
        return { sessionId: outcome.sessionId, userId: outcome.userId, refreshToken: next };
      }
      // Thrown out here, so that the deletion is committed.
      if (outcome.kind === 'ended') onReuse(outcome);
      throw new EdgeError('refresh_invalid');
    },

    async sessionOf(refreshToken) {
      const [row] = await db.once<{ session_id: string; user_id: string }>(
        `select s.id as session_id, s."userId" as user_id
           from identity.refresh_tokens r join identity.session s on s.id = r.session_id where r.hash = $1`,
        [await hashToken(refreshToken)],
      );
      return row === undefined ? null : { sessionId: row.session_id, userId: row.user_id };
    },
  };
}
