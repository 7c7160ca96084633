import type { ServerClock } from '../ports/clock.ts';
import type { Database } from '../ports/database.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { Settings } from '../ports/settings.ts';

/** What teams, channels, messages and invitations stand on. */
export interface ChatDeps {
  readonly db: Database;
  readonly publisher: Publisher;
  readonly settings: Settings;
  readonly clock: ServerClock;
}

/** Whoever acts. */
export interface Person {
  readonly userId: string;
  readonly isAnonymous: boolean;
}

/** The person as row-level security wants it. */
export const claimsOf = ({ userId, isAnonymous }: Person) => ({ sub: userId, isAnonymous });
