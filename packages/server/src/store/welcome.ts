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
 * For each of some instances a sign of life, and all that its socket begins with, the calls and the inbox as row-level security lets the
 * person see them: one statement for all of them. Asked as the server.
 * @returns in the order of the questions
 */
export async function findWelcomes(
  sql: Sql,
  questions: readonly WelcomeQuestion[],
  skewMs: number,
): Promise<FoundWelcome[]> {
  const rows = await sql.query<{ place: number; welcome: WelcomeRow | null }>(
    'select place, welcome from parley.welcomes($1::jsonb, $2)',
    [JSON.stringify(questions.map(toAsked)), skewMs],
  );
  const found = new Map(rows.map(({ place, welcome }) => [place, welcome]));
  return questions.map((question, place) => toWelcome(found.get(place) ?? null, question));
}

const toAsked = ({ sender, sessionId, isAnonymous, named, inbox, despiteDue }: WelcomeQuestion) => ({
  ...sender,
  sessionId,
  isAnonymous,
  named,
  inboxAfter: inbox.after,
  inboxMost: inbox.limit,
  despiteDue,
});

function toWelcome(welcome: WelcomeRow | null, { inbox }: WelcomeQuestion): FoundWelcome {
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
