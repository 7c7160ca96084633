import { randomUUID } from 'node:crypto';
import { type CallEvent, isLive } from '@parley/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database, Sql } from '../../src/ports/database.ts';
import {
  beforeAccept,
  beginCommand,
  beginCredentials,
  findCall,
  lockCall,
  lockDueCall,
  saveCall,
} from '../../src/store/calls.ts';
import { findChanges } from '../../src/store/changes.ts';
import { beat, renewLeases, touchInstance } from '../../src/store/devices.ts';
import { findDue, findDueOf, findLiveCallsInTeam, wouldFindCall } from '../../src/store/due.ts';
import { findEvents, replayCall } from '../../src/store/events.ts';
import {
  endedRooms,
  findCallOfRoom,
  findInRoom,
  findMeshes,
  findOwnPart,
  findStranded,
  liveRooms,
  noteRoomToken,
} from '../../src/store/media-calls.ts';
import { markRead } from '../../src/store/notifications.ts';
import { markRingReady, openRings, ringsOfCall } from '../../src/store/rings.ts';
import { findUntuned, holdCalls, otherSeats, whoTalks } from '../../src/store/seats.ts';
import { lockMembership } from '../../src/store/teams.ts';
import { findWelcomes, type WelcomeQuestion } from '../../src/store/welcome.ts';
import { apply, LEASE_MS, newCall, place, placed, RING_MS, welcomeOf } from './calls.ts';
import { makePerson, makeTeam, type TestPerson, type TestTeam } from './people.ts';

export interface LedgerUnderTest {
  readonly db: Database;
  close(): Promise<void>;
}

const accepted = (actor: TestPerson): CallEvent => ({
  type: 'accepted',
  actorId: actor.id,
  seat: { deviceId: actor.deviceId, instanceId: actor.instanceId },
  data: { via: 'accept', audioOnly: false, connectTimeoutMs: 60_000 },
});
const claims = ({ id }: TestPerson) => ({ sub: id, isAnonymous: false });
const senderOf = ({ id, deviceId, instanceId }: TestPerson) => ({
  userId: id,
  deviceId,
  instanceId,
  leaseMs: LEASE_MS,
});
const otherDevice = (person: TestPerson): TestPerson => ({
  ...person,
  deviceId: randomUUID(),
  instanceId: randomUUID(),
});
/** A signal that a test gives. */
function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/**
 * What the use cases count on of a ledger: Postgres, PGlite and the simulator's are held to the same. `parallel`: it takes several
 * transactions at a time; an embedded database takes one after the other.
 */
export function registerLedgerSuite(
  open: () => Promise<LedgerUnderTest>,
  { parallel }: { readonly parallel: boolean },
): void {
  let ledger: LedgerUnderTest;
  let db: Database;
  beforeAll(async () => {
    ledger = await open();
    db = ledger.db;
  });
  afterAll(() => ledger.close());
  const sql: Sql = { query: (text, params) => db.once(text, params) };
  // A store with one connection has nothing that could happen beside it.
  const inParallel = (title: string, test: () => Promise<void>) => {
    if (parallel) it(title, test);
  };

  async function pair(): Promise<{ ada: TestPerson; grace: TestPerson; team: TestTeam }> {
    const [ada, grace] = [await makePerson(db, 'Ada'), await makePerson(db, 'Grace')];
    return { ada, grace, team: await makeTeam(db, [ada, grace]) };
  }

  it('L1 a create makes a call that rings on the devices of who is called, and its log makes the same call', async () => {
    const { ada, grace, team } = await pair();
    const made = await placed(db, newCall(team, ada, grace));
    expect(made.stored.call).toMatchObject({ status: 'ringing', version: 1, initiatorId: ada.id });
    expect(made.rings).toMatchObject([{ userId: grace.id, deviceId: grace.deviceId }]);
    expect(made.events.map(({ type }) => type)).toEqual(['created']);
    expect(await replayCall(sql, made.stored.call.id)).toEqual(made.stored.call);
    expect((await findCall(sql, made.stored.call.id))?.call).toEqual(made.stored.call);
  });

  it('L2 the same create again is answered with the same call, and its key makes nothing else', async () => {
    const { ada, grace, team } = await pair();
    const input = newCall(team, ada, grace);
    const { stored } = await placed(db, input);
    expect(await place(db, { ...input, callId: randomUUID() })).toMatchObject({
      outcome: 'repeated',
      stored: { call: { id: stored.call.id } },
    });
    expect(await place(db, { ...input, bodyHash: 'b'.repeat(64) })).toMatchObject({ code: 'idempotency_key_reused' });
  });

  it('L3 a pair has one live call: its other one is glare while it rings', async () => {
    const { ada, grace, team } = await pair();
    const { stored } = await placed(db, newCall(team, ada, grace));
    const exists = { outcome: 'exists', stored: { call: { id: stored.call.id } } };
    expect(await place(db, newCall(team, ada, grace))).toMatchObject({ ...exists, glare: false });
    expect(await place(db, newCall(team, grace, ada))).toMatchObject({ ...exists, glare: true });
    await apply(db, stored.call.id, accepted(grace));
    expect(await place(db, newCall(team, grace, ada))).toMatchObject({ ...exists, glare: false });
  });

  it('L4 what is past its time is stale, is due, and is found by the sweeper', async () => {
    const { ada, grace, team } = await pair();
    const { stored } = await placed(db, newCall(team, ada, grace));
    const { id } = stored.call;
    const late = RING_MS + 1_000;
    const due: string[] = [];
    const next = () => db.tx((tx) => lockDueCall(tx, due, late));
    expect(await findDue(sql, [id], 0)).toEqual([]);
    expect(await findDue(sql, [id], late)).toEqual([id]);
    expect(await findDueOf(sql, grace.id, late)).toEqual([id]);
    expect(await place(db, newCall(team, grace, ada, { skewMs: late }))).toEqual({
      outcome: 'stale',
      callId: id,
    });
    // Calls of the tests before this one are due by then too.
    for (let found = await next(); found; found = await next()) {
      if (found.call.id === id) expect(found.lapsed).toEqual([ada.id]);
      due.push(found.call.id);
    }
    expect(due).toContain(id);
    expect(new Set(due).size).toBe(due.length);
    await apply(db, id, { type: 'timed_out' }, late);
    expect(await findDue(sql, [id], late)).toEqual([]);
  });

  it('L5 a call waits for whoever sits in another, and the next one finds them busy: both are told once', async () => {
    const { ada, grace, team } = await pair();
    const [linus, ken] = [await makePerson(db, 'Linus'), await makePerson(db, 'Ken')];
    const other = await makeTeam(db, [linus, grace, ken]);
    const { stored } = await placed(db, newCall(team, ada, grace));
    await apply(db, stored.call.id, accepted(grace));
    const waits = await placed(db, newCall(other, linus, grace));
    expect(waits.stored.call).toMatchObject({ status: 'ringing', version: 2 });
    expect(waits.stored.call.participants[1]).toMatchObject({ state: 'ringing', waiting: true });
    expect([waits.events.map(({ type }) => type), waits.others]).toEqual([['created', 'waiting'], 0]);
    expect(await replayCall(sql, waits.stored.call.id)).toEqual(waits.stored.call);
    const busy = await placed(db, newCall(other, ken, grace));
    expect(busy.stored.call).toMatchObject({ status: 'rejected', endReason: 'busy', version: 2 });
    expect(busy.notifications.map(({ userId, item }) => [userId, item.type]).sort()).toEqual(
      [
        [ken.id, 'rejected'],
        [grace.id, 'missed'],
      ].sort(),
    );
    expect(await replayCall(sql, busy.stored.call.id)).toEqual(busy.stored.call);
  });

  it('L5a what rings for somebody is set right by where they sit, and their calls are held in one order', async () => {
    const { ada, grace, team } = await pair();
    const linus = await makePerson(db, 'Linus');
    const other = await makeTeam(db, [linus, grace]);
    const first = (await placed(db, newCall(team, ada, grace))).stored.call.id;
    const second = (await placed(db, newCall(other, linus, grace))).stored.call.id;
    expect(await whoTalks(sql, [ada.id, grace.id], 0)).toEqual([ada.id]);
    expect(await findUntuned(sql, [grace.id], 0)).toEqual([]);
    await apply(db, first, accepted(grace));
    expect(await findUntuned(sql, [grace.id], 0)).toEqual([{ callId: second, userId: grace.id, waiting: true }]);
    await apply(db, second, { type: 'waiting', data: { userIds: [grace.id], waiting: true } });
    expect(await findUntuned(sql, [grace.id], 0)).toEqual([]);
    expect(await otherSeats(sql, second, grace.id)).toEqual([first]);
    expect(await otherSeats(sql, first, grace.id)).toEqual([]);
    await db.tx((tx) => holdCalls(tx, [second, first]));
  });

  it('L5b of two calls that somebody rings out at once, the one that is answered second finds them talking', async () => {
    const { ada, grace, team } = await pair();
    const linus = await makePerson(db, 'Linus');
    const other = await makeTeam(db, [linus, ada]);
    const first = (await placed(db, newCall(team, ada, grace))).stored.call.id;
    const second = (await placed(db, newCall(other, otherDevice(ada), linus))).stored.call.id;
    const of = (callId: string, who: TestPerson, skewMs = 0) => db.tx((tx) => beforeAccept(tx, callId, who.id, skewMs));
    expect(await of(second, linus)).toEqual({ others: 0, callerTalks: false });
    await apply(db, first, accepted(grace));
    expect(await of(second, linus)).toEqual({ others: 0, callerTalks: true });
    expect(await of(second, ada)).toEqual({ others: 1, callerTalks: true });
    // Who is gone talks nowhere, and who is on hold talks in another.
    expect(await of(second, linus, LEASE_MS + 1_000)).toEqual({ others: 0, callerTalks: false });
    await apply(db, first, { type: 'hold', actorId: ada.id, data: { onHold: true } });
    expect(await of(second, linus)).toEqual({ others: 0, callerTalks: false });
  });

  it('L6 strangers are refused, and so is a fourth call', async () => {
    const { ada, grace, team } = await pair();
    const mallory = await makePerson(db, 'Mallory');
    expect(await place(db, newCall(team, mallory, grace))).toMatchObject({ code: 'not_found' });
    expect(await place(db, newCall(team, ada, mallory))).toMatchObject({ code: 'recipient_not_in_team' });
    const { stored } = await placed(db, newCall(team, ada, grace));
    expect(await place(db, newCall(team, ada, grace, { callType: 'group_audio', maxLiveCalls: 1 }))).toMatchObject({
      code: 'too_many_live_calls',
    });
    expect(await db.tx((tx) => beforeAccept(tx, stored.call.id, ada.id, 0))).toEqual({ others: 0, callerTalks: false });
    expect(await db.tx((tx) => lockMembership(tx, team.id, mallory.id))).toBe(false);
    expect(await db.tx((tx) => lockMembership(tx, team.id, ada.id))).toBe(true);
  });

  it('L7 of two devices that accept at once one is seated', async () => {
    const { ada, grace, team } = await pair();
    const second = otherDevice(grace);
    await db.tx((tx) => touchInstance(tx, senderOf(second), 0));
    const { stored } = await placed(db, newCall(team, ada, grace));
    const kinds = await Promise.all([grace, second].map((who) => apply(db, stored.call.id, accepted(who))));
    expect(kinds.map(({ transition }) => transition.kind).sort()).toEqual(['accepted', 'refused']);
    expect(await db.tx((tx) => findEvents(tx, stored.call.id, 1))).toHaveLength(1);
  });

  it('L8 of two people who call each other at once one has made the call', async () => {
    const { ada, grace, team } = await pair();
    const made = await Promise.all([place(db, newCall(team, ada, grace)), place(db, newCall(team, grace, ada))]);
    expect(made.map(({ outcome }) => outcome).sort()).toEqual(['created', 'exists']);
  });

  it('L9 a call that has moved on is not written over', async () => {
    const { ada, grace, team } = await pair();
    const { stored } = await placed(db, newCall(team, ada, grace));
    const old = await apply(db, stored.call.id, accepted(grace));
    const { transition } = old;
    if (transition.kind !== 'accepted') throw new Error('not accepted');
    const again = db.tx((tx) =>
      saveCall(tx, {
        call: transition.call,
        events: [{ seq: 2, at: old.before.now, event: accepted(grace) }],
        effects: [],
        key: null,
        now: old.before.now,
      }),
    );
    await expect(again).rejects.toMatchObject({ code: 'PA001' });
  });

  it('L10 a key that went to another command is refused, and what was done under it is undone', async () => {
    const { ada, grace, team } = await pair();
    const { stored } = await placed(db, newCall(team, ada, grace));
    const key = { userId: grace.id, key: randomUUID(), command: 'decline', bodyHash: 'a'.repeat(64) };
    const begin = (more = {}) =>
      db.tx((tx) => beginCommand(tx, stored.call.id, { key: { ...key, ...more }, sender: null, skewMs: 0 }));
    expect((await begin())?.repeated).toBe(false);
    await db.tx(async (tx) => {
      const locked = await lockCall(tx, stored.call.id, 0);
      if (locked) await saveCall(tx, { call: locked.call, events: [], effects: [], key, now: locked.now });
    });
    expect((await begin())?.repeated).toBe(true);
    await expect(begin({ command: 'accept' })).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });

  it('L11 a transaction that throws has written nothing', async () => {
    const { ada, grace, team } = await pair();
    const { stored } = await placed(db, newCall(team, ada, grace));
    const failing = db.tx(async (tx) => {
      const locked = await lockCall(tx, stored.call.id, 0);
      if (!locked) throw new Error('no call');
      await touchInstance(tx, { ...senderOf(grace), leaseMs: 900_000 }, 0);
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect((await findCall(sql, stored.call.id))?.call).toEqual(stored.call);
    await apply(db, stored.call.id, accepted(grace));
    expect((await db.tx((tx) => lockCall(tx, stored.call.id, 2 * LEASE_MS)))?.lapsed).toContain(grace.id);
  });

  it('L12 leases get longer and never shorter, and a command is judged by the lease before it', async () => {
    const { ada, grace, team } = await pair();
    const { stored } = await placed(db, newCall(team, ada, grace));
    const lapsed = async (skewMs: number) => (await db.tx((tx) => lockCall(tx, stored.call.id, skewMs)))?.lapsed;
    const renewal = { userId: ada.id, instanceId: ada.instanceId };
    expect(await lapsed(LEASE_MS - 2_000)).toEqual([]);
    expect(await lapsed(LEASE_MS + 1_000)).toEqual([ada.id]);
    expect(
      await renewLeases(
        sql,
        [
          { ...renewal, ageMs: 0 },
          { ...renewal, userId: grace.id, ageMs: 0 },
        ],
        LEASE_MS,
        10_000,
      ),
    ).toBe(1);
    expect(await lapsed(LEASE_MS + 8_000)).toEqual([]);
    await renewLeases(sql, [{ ...renewal, ageMs: LEASE_MS }], LEASE_MS, 0);
    expect(await lapsed(LEASE_MS + 8_000)).toEqual([]);
    const begun = await db.tx((tx) =>
      beginCommand(tx, stored.call.id, { key: null, sender: senderOf(ada), skewMs: LEASE_MS + 11_000 }),
    );
    expect(begun?.locked.lapsed).toEqual([ada.id]);
    expect(await lapsed(LEASE_MS + 11_000)).toEqual([]);
  });

  it('L13 a device that comes late rings too, until somebody has answered', async () => {
    const { ada, grace, team } = await pair();
    const late = otherDevice(grace);
    const { stored } = await placed(db, newCall(team, ada, grace));
    expect(await openRings(sql, grace.id, late.deviceId, 0)).toEqual([]);
    await touchInstance(sql, senderOf(late), 0);
    const [ring] = await openRings(sql, grace.id, late.deviceId, 0);
    expect(ring).toMatchObject({ callId: stored.call.id, caller: { id: ada.id, displayName: 'Ada' } });
    expect(await openRings(sql, grace.id, late.deviceId, 0)).toEqual([ring]);
    expect(await ringsOfCall(sql, stored.call.id, 0)).toHaveLength(2);
    const { deviceId, instanceId } = late;
    const ready = {
      callId: stored.call.id,
      ringId: ring?.ringId ?? '',
      userId: grace.id,
      deviceId,
      instanceId,
      skewMs: 0,
    };
    expect(await markRingReady(sql, ready)).toBe(true);
    expect(await markRingReady(sql, { ...ready, deviceId: grace.deviceId })).toBe(false);
    await apply(db, stored.call.id, accepted(grace));
    expect(await openRings(sql, grace.id, late.deviceId, 0)).toEqual([]);
    expect(await markRingReady(sql, ready)).toBe(false);
  });

  it('L14 the inbox has no gaps, and what is read stays read', async () => {
    const { ada, grace, team } = await pair();
    for (let n = 0; n < 3; n += 1) {
      const { stored } = await placed(db, newCall(team, ada, grace));
      await apply(db, stored.call.id, { type: 'cancelled', actorId: ada.id });
    }
    const { inbox } = await welcomeOf(db, grace);
    expect([inbox.seq, inbox.items.map(({ seq, type }) => [seq, type])]).toEqual([
      3,
      [
        [1, 'missed'],
        [2, 'missed'],
        [3, 'missed'],
      ],
    ]);
    expect((await welcomeOf(db, grace, { after: 3 })).inbox).toEqual({ seq: 3, items: [] });
    const ids = inbox.items.slice(0, 2).map(({ id }) => id);
    expect(await markRead(sql, ada.id, ids, 0)).toEqual([]);
    expect(await markRead(sql, grace.id, ids, 0)).toHaveLength(2);
    expect(await markRead(sql, grace.id, ids, 0)).toEqual([]);
  });

  it('L15 a person sees their own live calls, and strangers see none', async () => {
    const { ada, grace, team } = await pair();
    const mallory = await makePerson(db, 'Mallory');
    const { stored } = await placed(db, newCall(team, ada, grace));
    const live = async (who: TestPerson) => (await welcomeOf(db, who)).calls.map(({ call }) => call.id);
    expect([await live(ada), await live(grace), await live(mallory)]).toEqual([[stored.call.id], [stored.call.id], []]);
    expect(await db.readAs(claims(mallory), (tx) => findCall(tx, stored.call.id))).toBeNull();
    expect(await db.readAs(claims(mallory), (tx) => findEvents(tx, stored.call.id, 0))).toEqual([]);
    await apply(db, stored.call.id, { type: 'declined', actorId: grace.id });
    expect(await live(ada)).toEqual([]);
    const seen = await db.readAs(claims(grace), (tx) => findCall(tx, stored.call.id));
    expect(seen && isLive(seen.call)).toBe(false);
    expect(await welcomeOf(db, ada)).toMatchObject({ displayName: 'Ada', teamIds: [team.id] });
  });

  it('L15a a socket begins with its rings, with the calls that it knew and that are over, and with no other person’s', async () => {
    const { ada, grace, team } = await pair();
    const [mallory, late] = [await makePerson(db, 'Mallory'), otherDevice(grace)];
    const { stored } = await placed(db, newCall(team, ada, grace));
    const { id } = stored.call;
    const rung = await welcomeOf(db, late, { named: [id] });
    expect(rung.rings).toMatchObject([{ callId: id, caller: { id: ada.id, displayName: 'Ada' } }]);
    expect(rung.rings).toEqual(await openRings(sql, grace.id, late.deviceId, 0));
    expect([rung.calls.map(({ call }) => call), rung.ended]).toEqual([[stored.call], []]);
    await apply(db, id, { type: 'cancelled', actorId: ada.id });
    const after = await welcomeOf(db, late, { named: [id, randomUUID()] });
    expect([after.rings, after.calls, after.ended.map(({ call }) => call.status)]).toEqual([[], [], ['missed']]);
    expect(after.inbox.items).toMatchObject([{ callId: id, type: 'missed', seq: 1 }]);
    expect(await welcomeOf(db, mallory, { named: [id] })).toMatchObject({
      teamIds: [],
      ended: [],
      inbox: { seq: 0, items: [] },
    });
  });

  it('L15b a welcome is a sign of life, and names calls in which something is due before it reads them', async () => {
    const { ada, grace, team } = await pair();
    const { stored } = await placed(db, newCall(team, ada, grace));
    const { id } = stored.call;
    const of = (who: TestPerson, despiteDue: boolean): WelcomeQuestion => ({
      sender: senderOf(who),
      isAnonymous: false,
      sessionId: null,
      named: [],
      inbox: { after: 0, limit: 10 },
      despiteDue,
    });
    const ask = async (despiteDue: boolean) => {
      const [found] = await findWelcomes(sql, [of(grace, despiteDue)], RING_MS + 1_000);
      return found;
    };
    const mallory = await makePerson(db, 'Mallory');
    // Each in the place of the question, whatever is due at others.
    expect(
      await findWelcomes(sql, [of(mallory, false), of(grace, false), of(ada, true)], RING_MS + 1_000),
    ).toMatchObject([
      { kind: 'welcome', displayName: 'Mallory', calls: [] },
      { kind: 'due', callIds: [id] },
      { kind: 'welcome', displayName: 'Ada', calls: [{ call: { id } }] },
    ]);
    expect(await ask(false)).toEqual({ kind: 'due', callIds: [id] });
    expect(await ask(true)).toMatchObject({ kind: 'welcome', calls: [{ call: { id } }], rings: [] });
    await apply(db, id, { type: 'timed_out' }, RING_MS + 1_000);
    expect(await ask(false)).toMatchObject({ kind: 'welcome', calls: [], inbox: { seq: 1 } });
    const other = await placed(db, newCall(team, ada, grace, { skewMs: RING_MS + 2_000 }));
    await apply(db, other.stored.call.id, accepted(grace), RING_MS + 2_000);
    const begun = await db.tx((tx) =>
      beginCommand(tx, other.stored.call.id, { key: null, sender: null, skewMs: RING_MS + LEASE_MS + 500 }),
    );
    expect(begun?.locked.lapsed).not.toContain(grace.id);
  });

  it('L16 after a gap in which no server lived, leases that held then last anew', async () => {
    const { ada, grace, team } = await pair();
    const { stored } = await placed(db, newCall(team, ada, grace));
    await beat(sql, 6_000, LEASE_MS, 0);
    expect(await beat(sql, 6_000, LEASE_MS, 3_000)).toBe(false);
    expect(await beat(sql, 6_000, LEASE_MS, 3_000 + LEASE_MS)).toBe(true);
    const lapsed = async (skewMs: number) => (await db.tx((tx) => lockCall(tx, stored.call.id, skewMs)))?.lapsed;
    expect(await lapsed(LEASE_MS + 20_000)).toEqual([]);
    expect(await lapsed(2 * LEASE_MS + 5_000)).toEqual([ada.id]);
  });

  inParallel('L17 a command waits for the one that holds the call, and reads what it has written', async () => {
    const { ada, grace, team } = await pair();
    const { stored } = await placed(db, newCall(team, ada, grace));
    const [held, release] = [gate(), gate()];
    const first = db.tx(async (tx) => {
      await lockCall(tx, stored.call.id, 0);
      held.open();
      await release.opened;
    });
    await held.opened;
    let over = false;
    const second = apply(db, stored.call.id, accepted(grace)).then((applied) => {
      over = true;
      return applied;
    });
    // The sweeper passes a call over that somebody holds, and readers do not wait.
    expect(await db.tx((tx) => lockDueCall(tx, [], RING_MS + 1_000).then((found) => found?.call.id))).not.toBe(
      stored.call.id,
    );
    expect((await findCall(sql, stored.call.id))?.call.version).toBe(1);
    expect(over).toBe(false);
    release.open();
    await first;
    expect((await second).transition.kind).toBe('accepted');
  });

  inParallel('L18 nobody sees what is not committed', async () => {
    const { ada, grace, team } = await pair();
    const { stored } = await placed(db, newCall(team, ada, grace));
    const [written, release] = [gate(), gate()];
    const writing = db.tx(async (tx) => {
      await touchInstance(tx, senderOf(otherDevice(grace)), 0);
      written.open();
      await release.opened;
    });
    await written.opened;
    expect((await place(db, newCall(team, ada, grace))).outcome).toBe('exists');
    expect(await ringsOfCall(sql, stored.call.id, 0)).toHaveLength(1);
    release.open();
    await writing;
  });

  inParallel(
    'L19 transactions that wait for each other in a circle are told apart, and both come through',
    async () => {
      const { ada, grace, team } = await pair();
      const linus = await makePerson(db, 'Linus');
      const other = await makeTeam(db, [linus, grace]);
      const ids = [
        (await placed(db, newCall(team, ada, grace))).stored.call.id,
        (await placed(db, newCall(other, linus, grace, { recipientIds: [grace.id] }))).stored.call.id,
      ];
      const gates = [gate(), gate()];
      const hold = (mine: number) =>
        db.tx(async (tx) => {
          await lockCall(tx, ids[mine] ?? '', 0);
          gates[mine]?.open();
          await gates[1 - mine]?.opened;
          await lockCall(tx, ids[1 - mine] ?? '', 0);
          return 'through';
        });
      expect(await Promise.all([hold(0), hold(1)])).toEqual(['through', 'through']);
    },
  );

  it('L20 a call that is known is not read while it is as it was, and whose lease has run out is told all the same', async () => {
    const { ada, grace, team } = await pair();
    const { stored } = await placed(db, newCall(team, ada, grace));
    const { id } = stored.call;
    const key = { userId: grace.id, key: randomUUID(), command: 'accept', bodyHash: 'c'.repeat(64) };
    type Options = Parameters<typeof beginCommand>[2];
    const begin = (options: Partial<Options> = {}) =>
      db.tx((tx) => beginCommand(tx, id, { key: null, sender: null, skewMs: 0, known: stored, ...options }));
    const late = LEASE_MS + 1_000;
    expect(await begin()).toMatchObject({ locked: { lapsed: [] }, repeated: false });
    expect((await begin())?.locked.call).toBe(stored.call);
    expect((await begin({ skewMs: late }))?.locked.lapsed).toEqual([ada.id]);
    // Its own sign of life comes too late for this command, and holds from the next one on.
    expect((await begin({ skewMs: late, sender: senderOf(ada) }))?.locked.lapsed).toEqual([ada.id]);
    expect((await begin({ skewMs: late }))?.locked.lapsed).toEqual([]);
    await db.tx((tx) => saveCall(tx, { call: stored.call, events: [], effects: [], key, now: Date.now() }));
    expect(await begin({ key })).toMatchObject({ repeated: true });
    await expect(begin({ key: { ...key, bodyHash: 'd'.repeat(64) } })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    await apply(db, id, accepted(grace));
    expect((await begin())?.locked.call).toMatchObject({ version: 2, status: 'connecting' });
    expect(
      await db.tx((tx) => beginCommand(tx, randomUUID(), { key: null, sender: null, skewMs: 0, known: stored })),
    ).toBe(null);
  });

  it('L21 what has changed since a time is found, but for what has just changed', async () => {
    const { ada, grace, team } = await pair();
    const wanted = { settledMs: 0, limit: 1_000, skewMs: 0 };
    const { now, calls } = await findChanges(sql, { ...wanted, since: null });
    expect(calls).toEqual([]);
    const since = now - 1;
    const { stored } = await placed(db, newCall(team, ada, grace));
    const { id } = stored.call;
    const found = async (changes: Partial<typeof wanted & { since: number }> = {}) =>
      (await findChanges(sql, { since, ...wanted, ...changes })).calls.filter(({ callId }) => callId === id);
    expect(await found()).toEqual([{ callId: id, version: 1 }]);
    await apply(db, id, accepted(grace));
    expect(await found()).toEqual([{ callId: id, version: 2 }]);
    expect(await found({ settledMs: 60_000 })).toEqual([]);
    expect(await found({ settledMs: 60_000, skewMs: 61_000 })).toEqual([{ callId: id, version: 2 }]);
    expect(await found({ since: now + 60_000 })).toEqual([]);
    expect(await found({ limit: 1 })).toEqual([{ callId: id, version: 2 }]);
  });

  it('L22 somebody and a room on the media server are found without reading the call', async () => {
    const { ada, grace, team } = await pair();
    const input = newCall(team, ada, grace, { engine: 'livekit', callType: 'group_audio' });
    const { stored } = await placed(db, input);
    const { id: callId } = stored.call;
    const room = input.roomName;
    const rung = { callId, isLive: true, state: 'ringing', deviceId: null, isMuted: false, ahead: [] };
    expect(await findInRoom(sql, room, grace.id)).toEqual(rung);
    expect(await findInRoom(sql, room, ada.id)).toMatchObject({ state: 'connecting', deviceId: ada.deviceId });
    expect(await findInRoom(sql, room, null)).toEqual({ ...rung, state: null });
    expect(await findInRoom(sql, 'another-room', grace.id)).toBeNull();
    const own = { isLive: true, engine: 'livekit', room, state: 'ringing', deviceId: null, displayName: 'Grace' };
    expect(await findOwnPart(sql, callId, grace.id)).toEqual(own);
    expect(await findOwnPart(sql, callId, ada.id)).toMatchObject({ state: 'connecting', deviceId: ada.deviceId });
    expect(await findOwnPart(sql, callId, randomUUID())).toBeNull();
    expect(await findOwnPart(sql, randomUUID(), grace.id)).toBeNull();
    expect((await findCallOfRoom(sql, room))?.call).toEqual(stored.call);
    const token = { callId, userId: grace.id, deviceId: grace.deviceId, expiresAt: Date.now() + 60_000 };
    expect(await noteRoomToken(sql, token)).toBe(true);
    expect(await findInRoom(sql, room, grace.id)).toEqual({ ...rung, ahead: [grace.deviceId] });
    expect(await roomsOf(liveRooms(sql, 2))).toContain(callId);
    const stranded = (seats: number) => findStranded(sql, null, { limit: 1_000, seats, pauseMs: 60_000, skewMs: 0 });
    expect(await stranded(4)).toContainEqual({ callId, epoch: 1 });
    expect(await stranded(0)).not.toContainEqual({ callId, epoch: 1 });
    await apply(db, callId, { type: 'ended', actorId: ada.id });
    expect(await findInRoom(sql, room, grace.id)).toMatchObject({ isLive: false });
    expect(await noteRoomToken(sql, token)).toBe(false);
    expect(await roomsOf(liveRooms(sql, 2))).not.toContain(callId);
    const second = await placed(db, newCall(team, ada, grace, { engine: 'livekit', callType: 'group_audio' }));
    expect(await roomsOf(endedRooms(sql, 1, 0))).not.toContain(second.stored.call.id);
    await apply(db, second.stored.call.id, { type: 'ended', actorId: ada.id });
    const ended = await roomsOf(endedRooms(sql, 1, 0));
    expect(ended.filter((one) => one === callId || one === second.stored.call.id)).toEqual([
      callId,
      second.stored.call.id,
    ]);
    expect(await roomsOf(endedRooms(sql, 2, 3_600_000))).toEqual([]);
    expect(await stranded(4)).not.toContainEqual({ callId, epoch: 1 });
    const mesh = await placed(db, newCall(team, ada, grace, { callType: 'group_audio' }));
    expect(await findMeshes(sql, null, 1_000)).toContainEqual({ callId: mesh.stored.call.id, epoch: 1 });
    expect(await findInRoom(sql, mesh.stored.roomName, ada.id)).toBeNull();
  });

  it('L23 what a create would find, where somebody is in a team, and what they have not chosen', async () => {
    const { ada, grace, team } = await pair();
    const input = newCall(team, ada, grace);
    expect(await wouldFindCall(sql, ada.id, grace.id, input.key)).toBe(false);
    const { stored } = await placed(db, input);
    expect(await wouldFindCall(sql, grace.id, ada.id, randomUUID())).toBe(true);
    expect(await findLiveCallsInTeam(sql, grace.id, team.id)).toEqual([stored.call.id]);
    expect(await findLiveCallsInTeam(sql, grace.id, randomUUID())).toEqual([]);
    await apply(db, stored.call.id, { type: 'declined', actorId: grace.id });
    expect(await findLiveCallsInTeam(sql, grace.id, team.id)).toEqual([]);
    expect(await wouldFindCall(sql, grace.id, ada.id, randomUUID())).toBe(false);
    expect(await wouldFindCall(sql, ada.id, grace.id, input.key)).toBe(true);
    const asked = { callId: stored.call.id, userId: ada.id, lastMs: 60_000, skewMs: 0 };
    expect((await beginCredentials(sql, asked)).hideAddress).toBe('never');
  });

  it('L24 what was set right in the media room is one more event of a live call, and nothing else of it', async () => {
    const { ada, grace, team } = await pair();
    const { stored } = await placed(db, newCall(team, ada, grace, { engine: 'livekit', callType: 'group_audio' }));
    const { id } = stored.call;
    const data = { userId: grace.id, deviceId: grace.deviceId, difference: 'no_seat', action: 'removed' } as const;
    const { saved } = await apply(db, id, { type: 'media_reconciled', data });
    expect(saved).toMatchObject({ events: [{ seq: 2, actorId: null, deviceId: null, data }], notifications: [] });
    const after = (await findCall(sql, id))?.call;
    expect(after).toEqual({ ...stored.call, version: 2, updatedAt: after?.updatedAt });
    expect(await replayCall(sql, id)).toEqual(after);
    await apply(db, id, { type: 'ended', actorId: ada.id });
    const late = await apply(db, id, { type: 'media_reconciled', data });
    expect(late).toMatchObject({ saved: null, transition: { kind: 'refused', code: 'call_ended' } });
    expect((await findEvents(sql, id, 0)).map(({ type }) => type)).toEqual(['created', 'media_reconciled', 'ended']);
  });
}

async function roomsOf(pages: AsyncIterable<readonly { readonly callId: string }[]>): Promise<string[]> {
  const found: string[] = [];
  for await (const page of pages) found.push(...page.map(({ callId }) => callId));
  return found;
}
