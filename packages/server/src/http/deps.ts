import type { Context } from 'hono';
import type { BuiltInIdentity } from '../identity/built-in.ts';
import type { TokenVerifier } from '../ports/auth.ts';
import type { ServerClock } from '../ports/clock.ts';
import type { Database } from '../ports/database.ts';
import type { Logger } from '../ports/logger.ts';
import type { MediaEvent, MediaServer } from '../ports/media-server.ts';
import type { HttpMetrics } from '../ports/metrics.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { AccountLimits } from '../ports/rate-limits.ts';
import type { Settings } from '../ports/settings.ts';
import type { CallDoor } from '../usecases/call-door.ts';
import type { CallUseCases } from '../usecases/types.ts';
import type { AppEnv } from './env.ts';

/** Everything that the routes stand on; put together by `node/compose.ts`. */
export interface AppDeps {
  readonly db: Database;
  readonly verifier: TokenVerifier;
  readonly publisher: Publisher;
  readonly settings: Settings;
  readonly clock: ServerClock;
  readonly log: Logger;
  readonly metrics: HttpMetrics;
  readonly accountLimits: AccountLimits;
  readonly calls: Pick<CallUseCases, 'seen' | 'leaveTeamCalls' | 'channelCall'>;
  /** Links into calls. */
  readonly door: CallDoor;
  /** Null where a foreign issuer signs the tokens. */
  readonly identity: BuiltInIdentity | null;
  /** Address of the peer, or of the client before trusted proxies. */
  readonly addressOf: (c: Context<AppEnv>) => string;
  /** Whom the sign-in page offers; empty outside demo mode. */
  readonly demoPeople: readonly { readonly id: string; readonly email: string; readonly displayName: string }[];
  readonly version: string;
  /** Foreign origins whose pages may use the API; none where it is left out. */
  readonly corsOrigins?: readonly string[];
  /** That of group calls; null where there is none. */
  readonly mediaServer?: MediaServer | null;
  /** What becomes of what it tells. Throws where the ledger could not take it: then it is told again. */
  readonly mediaEvents?: (event: MediaEvent) => Promise<void>;
  /** True once the server is to stop: nobody shall be sent here any more. */
  readonly draining?: () => boolean;
  /** Text of `/metrics`. */
  readonly metricsText: () => Promise<{ readonly contentType: string; readonly body: string }>;
}
