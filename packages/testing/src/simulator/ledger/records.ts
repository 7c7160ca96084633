import type { CallRecord } from '@parley/server/src/store/call-record.ts';
import type { RingRow } from '@parley/server/src/store/rings.ts';
import { type CallRow, keyOf, type ParticipantRow, type RingOfDevice } from './tables.ts';
import type { Transaction } from './transaction.ts';

export const LIVE: ReadonlySet<string> = new Set(['ringing', 'connecting', 'connected']);
export const SEATED: ReadonlySet<string> = new Set(['connecting', 'joined']);

export const peopleOf = (tx: Transaction, callId: string): ParticipantRow[] =>
  tx.scan(tx.ground.tables.participants, (p) => p.callId === callId).sort((a, b) => a.position - b.position);

/** Until when a seat's instance counts as present; nothing without a seat. */
export function leaseOf(tx: Transaction, { userId, instanceId }: ParticipantRow): number | null {
  if (instanceId === null) return null;
  return tx.read(tx.ground.tables.instances, keyOf(userId, instanceId))?.leaseExpiresAt ?? null;
}

/** `parley.call_json`: null for a call that is not there, or that the person of this transaction does not see. */
export function callJson(tx: Transaction, callId: string): CallRecord | null {
  const row = tx.read(tx.ground.tables.calls, callId);
  if (!row) return null;
  const people = peopleOf(tx, callId);
  if (!sees(tx, row, people)) return null;
  const { pairLow: _low, pairHigh: _high, durationSeconds: _duration, ...call } = row;
  return {
    ...call,
    participants: people.map((person) => {
      const { callId: _call, position: _position, ...rest } = person;
      return {
        ...rest,
        displayName: tx.read(tx.ground.tables.people, person.userId)?.displayName ?? '',
        // Row-level security hides the leases of others.
        leaseExpiresAt: tx.claims === null || tx.claims.sub === person.userId ? leaseOf(tx, person) : null,
      };
    }),
  };
}

function sees(tx: Transaction, row: CallRow, people: readonly ParticipantRow[]): boolean {
  const { claims } = tx;
  if (claims === null) return true;
  const own = people.find(({ userId }) => userId === claims.sub);
  const sits = own !== undefined && LIVE.has(row.status) && TAKES_PART.has(own.state);
  if (row.pairLow !== null) return own !== undefined;
  const isMember = tx.ground.tables.members.rows.has(keyOf(row.teamId, claims.sub));
  return sits || (isMember && (own !== undefined || row.channelId !== null));
}

export const TAKES_PART: ReadonlySet<string> = new Set(['invited', 'ringing', 'connecting', 'joined']);

export function ringJson(tx: Transaction, ring: RingOfDevice): RingRow {
  const { calls, people, teams } = tx.ground.tables;
  const call = tx.read(calls, ring.callId);
  if (!call) throw new Error(`a ring of no call: ${ring.ringId}`);
  const callerId = ring.callerId ?? call.initiatorId;
  return {
    userId: ring.userId,
    deviceId: ring.deviceId,
    callId: ring.callId,
    ringId: ring.ringId,
    callType: call.callType,
    callerId,
    callerName: tx.read(people, callerId)?.displayName ?? '',
    teamId: call.teamId,
    teamName: tx.read(teams, call.teamId)?.name ?? '',
    expiresAt: ring.expiresAt,
  };
}

/** Whether something is due in a live call: what a create and the sweeper both ask. */
export function isDue(tx: Transaction, row: CallRow, now: number): boolean {
  if (!LIVE.has(row.status)) return false;
  if ((row.ringExpiresAt ?? row.connectExpiresAt ?? Number.POSITIVE_INFINITY) <= now) return true;
  return peopleOf(tx, row.id).some((p) => {
    if (p.state === 'ringing') return p.ringUntil !== null && p.ringUntil <= now;
    return SEATED.has(p.state) && (leaseOf(tx, p) ?? Number.POSITIVE_INFINITY) <= now;
  });
}

/** Other live calls that somebody sits in. Seats whose lease has run out, and calls past their deadline, count for nothing. */
export function liveSeatsOf(tx: Transaction, userId: string, now: number): string[] {
  const { participants, calls } = tx.ground.tables;
  return tx
    .scan(participants, (p) => p.userId === userId && SEATED.has(p.state) && (leaseOf(tx, p) ?? 0) > now)
    .map(({ callId }) => tx.read(calls, callId))
    .filter((row) => row !== undefined)
    .filter((row) => LIVE.has(row.status) && (row.ringExpiresAt ?? row.connectExpiresAt ?? now + 1) > now)
    .map(({ id }) => id);
}

/** The answered calls in which somebody sits and that are not on hold for them: one at most, if all is well. */
export function talksIn(tx: Transaction, userId: string, now: number): string[] {
  const { participants, calls } = tx.ground.tables;
  return liveSeatsOf(tx, userId, now).filter((callId) => {
    const answered = tx.read(calls, callId)?.status !== 'ringing';
    return answered && tx.read(participants, keyOf(callId, userId))?.onHold === false;
  });
}
