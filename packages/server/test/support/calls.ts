import { randomUUID } from 'node:crypto';
import { type CallEvent, type Recorded, type Transition, transition } from '@parley/domain';
import type { Database } from '../../src/ports/database.ts';
import type { LockedCall } from '../../src/store/call-record.ts';
import { lockCall, type SavedCall, saveCall } from '../../src/store/calls.ts';
import { type CreateOutcome, createCall, type NewCall } from '../../src/store/create-call.ts';
import { findWelcomes } from '../../src/store/welcome.ts';
import type { TestPerson, TestTeam } from './people.ts';

export const LEASE_MS = 30_000;
export const RING_MS = 30_000;

/** One audio call from one person to another, unless `changes` say otherwise. */
export function newCall(team: TestTeam, from: TestPerson, to: TestPerson, changes: Partial<NewCall> = {}): NewCall {
  return {
    sender: { userId: from.id, deviceId: from.deviceId, instanceId: from.instanceId, leaseMs: LEASE_MS },
    key: randomUUID(),
    bodyHash: 'a'.repeat(64),
    callId: randomUUID(),
    roomName: `room-${randomUUID()}`,
    teamId: team.id,
    channelId: null,
    callType: 'audio',
    recipientIds: [to.id],
    engine: 'p2p',
    ringTimeoutMs: RING_MS,
    maxLiveCalls: 3,
    skewMs: 0,
    ...changes,
  };
}

export const place = (db: Database, input: NewCall): Promise<CreateOutcome> => createCall({ query: db.once }, input);

/** Places a call that must come about. */
export async function placed(db: Database, input: NewCall): Promise<Extract<CreateOutcome, { outcome: 'created' }>> {
  const outcome = await place(db, input);
  if (outcome.outcome !== 'created') throw new Error(`not created: ${JSON.stringify(outcome)}`);
  return outcome;
}

export interface Applied {
  readonly before: LockedCall;
  readonly transition: Transition;
  readonly saved: SavedCall | null;
}

/** One event through lock, machine and store, in a transaction; what is refused is not written. */
export function apply(db: Database, callId: string, event: CallEvent, skewMs = 0): Promise<Applied> {
  return db.tx(async (sql) => {
    const before = await lockCall(sql, callId, skewMs);
    if (before === null) throw new Error(`no call ${callId}`);
    const result = transition(before.call, event, before.now);
    if (result.kind !== 'accepted') return { before, transition: result, saved: null };
    const recorded: Recorded<CallEvent> = { seq: result.call.version, at: before.now, event };
    const saved = await saveCall(sql, {
      call: result.call,
      events: [recorded],
      effects: result.effects,
      key: null,
      now: before.now,
    });
    return { before, transition: result, saved };
  });
}

/** What a socket of this person begins with, whatever is due. @throws Error for somebody who is gone */
export async function welcomeOf(
  db: Database,
  { id, deviceId, instanceId }: TestPerson,
  { after = 0, limit = 100, named = [] as readonly string[] } = {},
) {
  const [found] = await findWelcomes(
    { query: (text, params) => db.once(text, params) },
    [
      {
        sender: { userId: id, deviceId, instanceId, leaseMs: LEASE_MS },
        isAnonymous: false,
        sessionId: null,
        named,
        inbox: { after, limit },
        despiteDue: true,
      },
    ],
    0,
  );
  if (found?.kind !== 'welcome') throw new Error(`no welcome: ${found?.kind}`);
  return found;
}
