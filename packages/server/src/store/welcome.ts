import { isLive } from '@parley/domain';
import type { Ring } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';
import { type CallRecord, type StoredCall, toStoredCall } from './call-record.ts';
import type { Sender } from './calls.ts';
import { type Inbox, type NotificationRow, toInbox } from './notifications.ts';
import { type RingRow, toDeviceRing } from './rings.ts';

/** As `parley.welcome` gives it; instants in milliseconds. */
export type WelcomeRow =
  | { readonly due: readonly string[] }
  | {
      readonly due?: undefined;
      readonly displayName: string | null;
      readonly teamIds: readonly string[];
      readonly quietUntil: number | null;
      readonly rings: readonly RingRow[];
      readonly calls: readonly CallRecord[];
      readonly named: readonly CallRecord[];
      readonly inbox: readonly NotificationRow[];
    };

export interface WelcomeQuestion {
  readonly sender: Sender;
  readonly isAnonymous: boolean;
  /** Null for whoever has no session here. */
  readonly sessionId: string | null;
  /** Calls that the socket knew: of those that do not live any more it learns the end. */
  readonly named: readonly string[];
  readonly inbox: { readonly after: number; readonly limit: number };
  /** Reads the calls even where something is due in one of them. */
  readonly despiteDue: boolean;
  readonly skewMs: number;
}

export type FoundWelcome =
  /** Blocked, deleted or signed out: nothing was written. */
  | { readonly kind: 'gone' }
  /** Something is due in these calls, and has to be applied before they are read. */
  | { readonly kind: 'due'; readonly callIds: readonly string[] }
  | {
      readonly kind: 'welcome';
      readonly displayName: string;
      readonly teamIds: readonly string[];
      readonly doNotDisturbUntil: string | null;
      readonly rings: readonly Ring[];
      readonly calls: readonly StoredCall[];
      readonly ended: readonly StoredCall[];
      readonly inbox: Inbox;
    };

/**
 * A sign of life of an instance, and all that its socket begins with, the calls and the inbox as row-level security lets the person
 * see them: one statement. Asked as the server.
 */
export async function findWelcome(sql: Sql, question: WelcomeQuestion): Promise<FoundWelcome> {
  const { sender, inbox } = question;
  const [row] = await sql.query<{ welcome: WelcomeRow | null }>(
    'select parley.welcome($1, $2, $3, $4, $5, $6, $7::uuid[], $8, $9, $10, $11) as welcome',
    [
      sender.userId,
      question.sessionId,
      question.isAnonymous,
      sender.deviceId,
      sender.instanceId,
      sender.leaseMs,
      [...question.named],
      inbox.after,
      inbox.limit,
      question.despiteDue,
      question.skewMs,
    ],
  );
  const welcome = row?.welcome;
  if (!welcome) return { kind: 'gone' };
  if (welcome.due !== undefined) return { kind: 'due', callIds: welcome.due };
  const { displayName, teamIds, quietUntil } = welcome;
  return {
    kind: 'welcome',
    displayName: displayName ?? '',
    teamIds,
    doNotDisturbUntil: quietUntil === null ? null : new Date(quietUntil).toISOString(),
    rings: welcome.rings.map((ring) => toDeviceRing(ring).ring),
    calls: welcome.calls.map(toStoredCall),
    ended: welcome.named.map(toStoredCall).filter(({ call }) => !isLive(call)),
    inbox: toInbox(welcome.inbox, inbox.after),
  };
}
