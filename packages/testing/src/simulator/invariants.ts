import { isDeepStrictEqual } from 'node:util';
import type { Call } from '@parley/domain';
import { toStoredCall } from '@parley/server/src/store/call-record.ts';
import { type EventRow, replayCall } from '@parley/server/src/store/events.ts';
import type { NotificationRow } from '@parley/server/src/store/notifications.ts';
import type { Tab } from './device.ts';
import { callJson, LIVE, peopleOf, SEATED } from './ledger/records.ts';
import { statementOf } from './ledger/statements.ts';
import { type CallRow, keyOf } from './ledger/tables.ts';
import { Transaction } from './ledger/transaction.ts';
import type { NetworkEnd } from './network.ts';
import { SETTINGS } from './server-node.ts';
import type { World } from './world.ts';

/** A rule of SPEC.md, and how it was broken. */
export interface Violation {
  readonly rule: string;
  readonly text: string;
  /** Milliseconds from the beginning. */
  readonly at: number;
}

/** How long a ring may still be shown after its time: the client's own grace, and what it cannot know of the server's clock. */
const RING_LATE_MS = 3_000 + 2_500;
/** A sweep every two seconds, a beat's signs of life, and a path whose end is noticed a second later. */
const GHOST_LATE_MS = SETTINGS.heartbeatMs + 2_000 + 4_000;
const LOOK_EVERY_MS = 500;
/** Within this time a connected device has heard of whatever concerns it, when nothing is wrong. */
const NEWS_MS = 5_000;

const takesSeat = ({ type }: EventRow) => type === 'created' || type === 'accepted' || type === 'moved';

interface Ack {
  readonly userId: string;
  readonly key: string;
  readonly callId: string;
  readonly tab: Tab;
}

/** Watches a world, and keeps the first rule that it breaks. */
export class Invariants {
  first: Violation | null = null;
  #world: World | null = null;
  #begun = 0;
  #lookedAt = 0;
  readonly #acks: Ack[] = [];
  /** By tab and call: when this tab was first shown that the call is over. */
  readonly #seenOver = new Set<string>();
  readonly #onlineSince = new Map<Tab, number>();
  readonly #commits: string[] = [];
  /** By person: since when they talk in two calls. */
  readonly #twinsSince = new Map<string, number>();

  watch(world: World): void {
    this.#world = world;
    this.#begun = world.now();
    world.ledger.onCommit = (tx) => this.#committed(tx);
  }

  broken(rule: string, text: string): void {
    const at = (this.#world?.now() ?? 0) - this.#begun;
    this.first ??= { rule, text, at };
  }

  /** What a server writes into its log as an error. That a process is cut off from its database is none of its own. */
  fault(text: string): void {
    if (/the connection broke|the process is gone|cannot be reached/.test(text)) return;
    this.broken('I10', text);
  }

  heard(end: NetworkEnd, text: string): void {
    if (text.startsWith('{"t":"ack"')) this.#acked(end, text);
    if (text.startsWith('{"t":"call"') || text.startsWith('{"t":"ack"')) this.#told(text);
  }

  /** Between two tasks. */
  look(): void {
    const world = this.#world;
    if (!world || this.first || world.now() - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = world.now();
    for (const tab of world.tabs) {
      this.#lookAtRings(tab);
      this.#lookForSilence(tab);
    }
    this.#lookForGhosts();
    this.#lookForTwins();
  }

  /** What is not as it must be once everything has come to rest; null where all is. */
  async judge(): Promise<Violation | null> {
    const before = this.first;
    await this.#judgeAll();
    const found = this.first;
    this.first = before;
    return found;
  }

  async #judgeAll(): Promise<void> {
    if (this.first || !this.#world) return;
    const { calls } = this.#world.ledger.tables;
    for (const row of calls.rows.values()) {
      await this.#judgeCall(row);
      this.#judgeSeats(row);
      if (row.pairLow === null) this.#judgeGroupNotifications(row);
    }
    this.#judgeAccepts();
    for (const ack of this.#acks) this.#judgeAck(ack);
    for (const { id, displayName } of this.#world.people) {
      this.#judgeInbox(id);
      const made = [...calls.rows.values()].filter(({ initiatorId }) => initiatorId === id).length;
      const wished = this.#world.wishes.get(id) ?? 0;
      if (made > wished) this.broken('I6', `${displayName} has made ${made} calls of ${wished} that were wished for`);
    }
    for (const tab of this.#world.tabs) this.#judgeTab(tab);
  }

  trace(): string {
    return this.#commits.join(' ');
  }

  #committed(tx: Transaction): void {
    const world = this.#world;
    if (!world) return;
    const { calls, events } = world.ledger.tables;
    if (tx.written(events).length === 0) return;
    const changed = tx.written(calls);
    for (const row of changed)
      this.#commits.push(`${row.id.slice(0, 4)}:${row.version}:${row.status}:${row.updatedAt - this.#begun}`);
    const pairs = new Map<string, string>();
    for (const { id, status, pairLow, pairHigh } of calls.rows.values()) {
      if (pairLow === null || pairHigh === null || !LIVE.has(status)) continue;
      const pair = keyOf(pairLow, pairHigh);
      if (pairs.has(pair)) this.broken('I1', `two live calls of a pair: ${pairs.get(pair)} and ${id}`);
      pairs.set(pair, id);
    }
    for (const row of changed) {
      this.#lookAtDrops(row);
      this.#lookAtMedia(row);
    }
  }

  /** I14: nobody waits in vain for the media of somebody who is connected as they are themselves. */
  #lookAtMedia(row: CallRow): void {
    const world = this.#world;
    if (!world || row.endReason !== 'media_failed' || row.pairLow === null) return;
    const since = world.now() - SETTINGS.connectTimeoutMs;
    if (Math.max(world.troubledUntil, this.#begun) > since) return;
    const log = world.ledger.tables.events.rows.get(row.id) ?? [];
    const seats = new Map(log.filter(takesSeat).map(({ actorId, instanceId }) => [actorId, instanceId]));
    const tabs = world.tabs.filter(({ instanceId }) => [...seats.values()].includes(instanceId));
    if (tabs.length < 2 || !tabs.every((tab) => (this.#onlineSince.get(tab) ?? world.now()) <= since)) return;
    this.broken(
      'I14',
      `no media in ${row.id}, where ${tabs.map(({ device }) => device.key).join(' and ')} are connected`,
    );
  }

  /** I12: nobody who answers is taken for gone. */
  #lookAtDrops(row: CallRow): void {
    const world = this.#world;
    const log = world?.ledger.tables.events.rows.get(row.id) ?? [];
    const newest = log.at(-1);
    if (!world || newest?.type !== 'dropped' || newest.seq !== row.version) return;
    const calmSince = Math.max(world.troubledUntil, this.#begun);
    if (world.now() - calmSince < SETTINGS.leaseMs + 2 * SETTINGS.heartbeatMs) return;
    const userId = String(newest.data.userId);
    const seat = log.findLast((e) => e.actorId === userId && takesSeat(e));
    const tab = world.tabs.find((one) => one.instanceId === seat?.instanceId);
    if (tab?.client?.snapshot().connection === 'online')
      this.broken('I12', `${tab.device.key} answers, and was dropped from ${row.id}`);
  }

  #lookAtRings(tab: Tab): void {
    const world = this.#world;
    const snapshot = tab.client?.snapshot();
    if (!world || !snapshot) return;
    for (const { ring } of snapshot.incoming) {
      if (world.now() > Date.parse(ring.expiresAt) + RING_LATE_MS) {
        this.broken(
          'I4',
          `${tab.device.key} rings ${world.now() - Date.parse(ring.expiresAt)} ms after the ring of ${ring.callId} ran out`,
        );
      }
      if (this.#seenOver.has(`${tab.instanceId}/${ring.callId}`)) {
        this.broken('I4', `${tab.device.key} rings for ${ring.callId}, of which it was shown the end`);
      }
    }
    for (const { callId } of snapshot.summaries) {
      const row = world.ledger.tables.calls.rows.get(callId);
      // A group may go on, and ring again, for somebody who left it.
      if (row && row.pairLow !== null && !LIVE.has(row.status)) this.#seenOver.add(`${tab.instanceId}/${callId}`);
    }
  }

  /** I13: a device that is connected rings as long as its person is rung. */
  #lookForSilence(tab: Tab): void {
    const world = this.#world;
    const snapshot = tab.client?.snapshot();
    const online = snapshot?.connection === 'online';
    if (!online) this.#onlineSince.delete(tab);
    else if (!this.#onlineSince.has(tab)) this.#onlineSince.set(tab, world?.now() ?? 0);
    if (!world || !snapshot || !online) return;
    const me = tab.device.person.id;
    const calmSince = Math.max(world.troubledUntil, this.#onlineSince.get(tab) ?? 0, world.tappedAt.get(me) ?? 0);
    const { participants, calls } = world.ledger.tables;
    // By who is rung, and not by the rings that were made: a device that came late has to get one of its own.
    for (const { userId, callId, state, ringUntil } of participants.rows.values()) {
      const call = calls.rows.get(callId);
      if (userId !== me || state !== 'ringing' || !call || !LIVE.has(call.status)) continue;
      if (ringUntil === null || ringUntil <= world.now()) continue;
      if (world.now() < Math.max(calmSince, call.updatedAt) + NEWS_MS) continue;
      if (snapshot.incoming.some(({ ring: shown }) => shown.callId === callId)) continue;
      this.broken('I13', `${tab.device.key} does not ring for ${callId}`);
    }
  }

  #lookForGhosts(): void {
    const world = this.#world;
    if (!world) return;
    const { participants, calls } = world.ledger.tables;
    for (const person of participants.rows.values()) {
      if (!SEATED.has(person.state) || !LIVE.has(calls.rows.get(person.callId)?.status ?? '')) continue;
      const tab = world.tabs.find(({ instanceId }) => instanceId === person.instanceId);
      if (!tab || tab.deadSince === null) continue;
      const since = Math.max(tab.deadSince, world.troubledUntil);
      if (world.now() > since + SETTINGS.leaseMs + GHOST_LATE_MS) {
        this.broken('I5', `${tab.device.key} sits in ${person.callId} ${world.now() - since} ms after it was gone`);
      }
    }
  }

  /** I15: whoever makes a call holds the others a moment after it, in a transaction of its own. */
  #lookForTwins(): void {
    const world = this.#world;
    if (!world) return;
    const { participants, calls } = world.ledger.tables;
    const talks = new Map<string, string[]>();
    for (const { userId, callId, state, onHold, instanceId } of participants.rows.values()) {
      const status = calls.rows.get(callId)?.status ?? '';
      if (!SEATED.has(state) || onHold || status === 'ringing' || !LIVE.has(status)) continue;
      // Somebody who is gone loses the seat with the lease.
      if (world.tabs.find((tab) => tab.instanceId === instanceId)?.deadSince != null) continue;
      talks.set(userId, [...(talks.get(userId) ?? []), callId]);
    }
    for (const userId of this.#twinsSince.keys())
      if ((talks.get(userId)?.length ?? 0) < 2) this.#twinsSince.delete(userId);
    for (const [userId, callIds] of talks) {
      if (callIds.length < 2) continue;
      const since = this.#twinsSince.get(userId) ?? world.now();
      this.#twinsSince.set(userId, since);
      if (world.now() < Math.max(since, world.troubledUntil) + NEWS_MS) continue;
      this.broken('I15', `${userId} talks in ${callIds.join(' and ')} at once`);
    }
  }

  #acked(end: NetworkEnd, text: string): void {
    const { id, view } = JSON.parse(text) as { id: string; view: { call: { id: string } } };
    const tab = this.#world?.tabs.find((one) => one.life === end);
    if (tab) this.#acks.push({ userId: tab.device.person.id, key: id, callId: view.call.id, tab });
  }

  /** I3: what anybody is told of an end is what the ledger says. */
  #told(text: string): void {
    const { view } = JSON.parse(text) as {
      view: { call: { id: string; status: string; endReason: string | null; durationSeconds: number | null } };
    };
    const { id, status, endReason, durationSeconds } = view.call;
    if (LIVE.has(status)) return;
    const row = this.#world?.ledger.tables.calls.rows.get(id);
    if (!row || row.status !== status || row.endReason !== endReason || row.durationSeconds !== durationSeconds) {
      this.broken(
        'I3',
        `told of ${id}: ${status} ${endReason} ${durationSeconds}; it is ${row?.status} ${row?.endReason} ${row?.durationSeconds}`,
      );
    }
  }

  async #judgeCall(row: CallRow): Promise<void> {
    const world = this.#world;
    if (!world) return;
    const tx = new Transaction(world.ledger.ground, null, statementOf);
    const log = world.ledger.tables.events.rows.get(row.id) ?? [];
    log.forEach((event, at) => {
      if (event.seq !== at + 1) this.broken('I8', `event ${at + 1} of ${row.id} has the number ${event.seq}`);
    });
    const record = callJson(tx, row.id);
    if (record) await this.#judgeReplay(toStoredCall(record).call, log);
    for (const p of peopleOf(tx, row.id)) if (LIVE.has(row.status)) this.#judgeSeat(row, p);
    // Two of whom one is on hold wait for no media.
    const waits = row.status === 'connecting' && row.connectExpiresAt === null;
    if (row.status === 'ringing' || (row.status === 'connecting' && !waits)) {
      this.broken('I11', `${row.id} is still ${row.status}`);
    }
    if (row.pairLow !== null && !LIVE.has(row.status)) this.#judgeNotifications(row);
    if (row.connectedAt !== null && row.endedAt !== null) {
      const seconds = Math.floor((row.endedAt - row.connectedAt) / 1000);
      if (row.durationSeconds !== seconds)
        this.broken('I3', `${row.id} lasted ${seconds} s, not ${row.durationSeconds}`);
    }
  }

  #judgeSeat(row: CallRow, { userId, state, instanceId }: ReturnType<typeof peopleOf>[number]): void {
    if (state === 'ringing') this.broken('I11', `${row.id} still rings for ${userId}`);
    if (!SEATED.has(state)) return;
    const tab = this.#world?.tabs.find((one) => one.instanceId === instanceId);
    if (!tab?.client) this.broken('I5', `a ghost sits in ${row.id}`);
  }

  /** I8, which the property test of the server's stores says of Postgres. */
  async #judgeReplay(call: Call, log: readonly EventRow[]): Promise<void> {
    try {
      const replayed = await replayCall({ query: async <R>() => [{ events: log }] as R[] }, call.id);
      if (isDeepStrictEqual(replayed, call)) return;
      this.broken('I8', `replay of ${call.id}: ${JSON.stringify(replayed)}; rows: ${JSON.stringify(call)}`);
    } catch (error) {
      this.broken('I8', `replay of ${call.id}: ${String(error)}`);
    }
  }

  /** I2: of a person's devices as many are told that they have answered as the log says. */
  #judgeAccepts(): void {
    const { keys, events } = this.#world?.ledger.tables ?? {};
    const told = new Map<string, Set<Tab>>();
    for (const { userId, key, callId, tab } of this.#acks) {
      if (keys?.rows.get(keyOf(userId, key))?.command !== 'accept') continue;
      const whose = keyOf(callId, userId);
      told.set(whose, (told.get(whose) ?? new Set()).add(tab));
    }
    for (const [whose, tabs] of told) {
      const [callId = '', userId = ''] = whose.split('/');
      const log = events?.rows.get(callId) ?? [];
      const times = log.filter(({ type, actorId }) => type === 'accepted' && actorId === userId).length;
      if (tabs.size > times)
        this.broken('I2', `${tabs.size} devices of ${userId} have answered ${callId}, ${times} by the log`);
    }
  }

  /** I2: whoever has a seat takes none again by an accept; they give it up first, or move. */
  #judgeSeats(row: CallRow): void {
    const seated = new Set<unknown>();
    for (const { type, actorId, data } of this.#world?.ledger.tables.events.rows.get(row.id) ?? []) {
      if (type === 'created') seated.add(actorId);
      if (type === 'left') seated.delete(actorId);
      if (type === 'dropped' || type === 'removed') seated.delete(data.userId);
      if (type !== 'accepted') continue;
      if (seated.has(actorId)) this.broken('I2', `${actorId} has answered ${row.id} again, and sat there already`);
      seated.add(actorId);
    }
  }

  /** I7, after the outcome table. */
  #judgeNotifications(row: CallRow): void {
    const world = this.#world;
    if (!world) return;
    const all = [...world.ledger.tables.notifications.rows.values()].filter((n) => n.callId === row.id);
    const told = (userId: string, type: NotificationRow['type']) =>
      all.filter((n) => n.userId === userId && n.type === type).length;
    const recipient = row.initiatorId === row.pairLow ? row.pairHigh : row.pairLow;
    const missed = row.status === 'missed' || row.endReason === 'busy' ? 1 : 0;
    const rejected = row.status === 'rejected' ? 1 : 0;
    const wanted = [missed, 0, 0, rejected];
    const found = [
      told(recipient ?? '', 'missed'),
      told(recipient ?? '', 'rejected'),
      told(row.initiatorId, 'missed'),
      told(row.initiatorId, 'rejected'),
    ];
    if (wanted.join() !== found.join())
      this.broken('I7', `${row.id} ${row.status} ${row.endReason}: notified ${found}, not ${wanted}`);
  }

  /** I7 of groups: whoever was rung and missed it is told, and nobody more often than they were rung. */
  #judgeGroupNotifications(row: CallRow): void {
    const { notifications, participants, events } = this.#world?.ledger.tables ?? {};
    const log = events?.rows.get(row.id) ?? [];
    for (const p of participants?.rows.values() ?? []) {
      if (p.callId !== row.id || p.userId === row.initiatorId) continue;
      const all = [...(notifications?.rows.values() ?? [])];
      const told = all.filter((n) => n.callId === row.id && n.userId === p.userId).length;
      const rung = log.filter(({ type, data }) => {
        const asked = type === 'created' ? data.recipientIds : type === 'invited' ? data.userIds : [];
        return Array.isArray(asked) && asked.includes(p.userId);
      }).length;
      const missed = p.state === 'missed' && !p.barred ? 1 : 0;
      if (told <= rung && told >= missed) continue;
      this.broken('I7', `${row.id}: ${p.userId} is ${p.state} of a group, rung ${rung} times and told ${told} times`);
    }
  }

  #judgeAck({ userId, key, callId }: Ack): void {
    const row = this.#world?.ledger.tables.keys.rows.get(keyOf(userId, key));
    if (row?.callId !== callId)
      this.broken('I6', `the command ${key} upon ${callId} was acknowledged, and is not kept`);
  }

  #judgeInbox(userId: string): void {
    const rows = [...(this.#world?.ledger.tables.notifications.rows.values() ?? [])].filter((n) => n.userId === userId);
    const numbers = rows.map(({ seq }) => seq).sort((a, b) => a - b);
    numbers.forEach((seq, at) => {
      if (seq !== at + 1) this.broken('I7', `the inbox of ${userId} has the numbers ${numbers}`);
    });
  }

  /** I9: what is shown is what the ledger says. */
  #judgeTab(tab: Tab): void {
    const world = this.#world;
    const snapshot = tab.client?.snapshot();
    if (!world || !snapshot) return;
    const wrong = (text: string) => this.broken('I9', `${tab.device.key}: ${text}`);
    const { calls, events, participants, notifications } = world.ledger.tables;
    const me = tab.device.person.id;
    if (snapshot.connection !== 'online') {
      wrong(`is ${snapshot.connection} (${snapshot.stopped})`);
      return;
    }
    if (snapshot.incoming.length > 0) {
      wrong(`rings for ${snapshot.incoming.map(({ ring }) => ring.callId)}`);
      return;
    }
    const seats = [...participants.rows.values()].filter(
      (p) => p.instanceId === tab.instanceId && p.userId === me && LIVE.has(calls.rows.get(p.callId)?.status ?? ''),
    );
    const { active } = snapshot;
    // A call that the person has turned from on another device is shown as one on hold.
    const talks = seats.filter((p) => !p.onHold);
    if (talks.length > 1) {
      wrong(`sits in ${talks.map((p) => p.callId)} at once`);
      return;
    }
    if (active === null && talks.length > 0) {
      wrong(`shows no call, and sits in ${talks.map((p) => p.callId)}`);
      return;
    }
    if (active !== null) {
      const row = calls.rows.get(active.callId ?? '');
      if (!seats.some((p) => p.callId === active.callId)) {
        wrong(`shows ${active.callId}, where it has no seat (${row?.status})`);
        return;
      }
      if (row?.status !== active.phase) {
        wrong(`shows ${active.phase} of a call that is ${row?.status}`);
        return;
      }
      if (row.version !== active.view?.call.version) wrong(`is at ${active.view?.call.version} of ${row.version}`);
    }
    const missed = [...notifications.rows.values()].filter((n) => n.userId === me && n.type === 'missed').length;
    if (snapshot.unreadCalls !== missed) {
      wrong(`counts ${snapshot.unreadCalls} missed calls of ${missed}`);
      return;
    }
    for (const summary of snapshot.summaries) {
      const row = calls.rows.get(summary.callId);
      const log = events.rows.get(summary.callId) ?? [];
      // A group may go on without somebody, whose own end is another; they may have come back to it on another device.
      const leftBefore = log.some(({ type, actorId, at }) => type === 'left' && actorId === me && at !== row?.endedAt);
      const own = participants.rows.get(keyOf(summary.callId, me));
      const wentOn = row?.pairLow === null && (leftBefore || own?.leftAt !== row.endedAt);
      if (row && (LIVE.has(row.status) || wentOn)) continue;
      if (row?.endReason !== summary.endReason || row.durationSeconds !== summary.durationSeconds) {
        const told = `${summary.endReason} ${summary.durationSeconds}`;
        this.broken(
          'I3',
          `${tab.device.key} says ${told} of ${summary.callId}, which ended ${row?.endReason} ${row?.durationSeconds}`,
        );
      }
    }
  }
}
