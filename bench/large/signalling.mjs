// What a call of many costs beside its media: one call of N people, each with a socket, in a channel that all of them read.
import { setTimeout as wait } from 'node:timers/promises';
import { Listener } from './listener.mjs';
import { inTurns } from './place.mjs';

/** @typedef {Awaited<ReturnType<typeof import('./place.mjs').openPlace>>} Place */
/** @typedef {Awaited<ReturnType<typeof import('./place.mjs').openTeam>>} Team */
/**
 * @typedef {object} Cost of one thing of a kind, on the average
 * @property {number} times how many of them there were
 * @property {number} seconds until everybody had heard of the last
 * @property {number} server milliseconds of the server's processor, for one
 * @property {number} database milliseconds of the database's processes, for one
 * @property {number} bytes that one client was sent, for one
 * @property {number} messages that one client was sent, for one
 * @property {number} delivery microseconds of the server's processor, for one and one client
 */

/** So many come in at a time. */
const AT_ONCE = 20;
const CHANGES = 20;
/** Everybody hears of everything within this, or the bench is broken; milliseconds. */
const PATIENCE = 60_000;

/** @param {() => boolean} fits @param {string} what */
async function until(fits, what) {
  const end = Date.now() + PATIENCE;
  while (!fits()) {
    if (Date.now() > end) throw new Error(`${what}: not within ${PATIENCE / 1000} s`);
    await wait(20);
  }
}

/**
 * @param {Place} place @param {Team} team @param {number} people
 * @param {{ changes?: number, leaves?: number, idleMs?: number }} [options]
 */
export async function measure(
  place,
  team,
  people,
  { changes = CHANGES, leaves = Math.min(50, people - 2), idleMs = 3000 } = {},
) {
  const topics = [`team:${team.teamId}`, `channel:${team.channelId}`];
  const memoryBefore = place.memory();
  /** @type {Listener[]} */
  const everybody = [];
  const connecting = await clocked(place, everybody, people, async () => {
    await inTurns(team.tokens.slice(0, people), AT_ONCE, async (token, index) => {
      everybody[index] = await Listener.open(place, token, topics);
    });
  });
  const [host, guest] = everybody;
  if (host === undefined || guest === undefined) throw new Error('A call of one is none.');
  const memoryConnected = place.memory();
  const made = await host.command('create', undefined, {
    teamId: team.teamId,
    channelId: team.channelId,
    callType: 'group_audio',
    recipientIds: [],
  });
  const callId = made.call.id;
  await host.command('media-connected', callId);

  /** @param {Listener[]} those @param {number} version */
  const heard = (those, version) =>
    until(() => those.every((one) => one.closed !== null || one.version >= version), `version ${version}`);
  /** @param {number} times @param {Listener[]} listeners @param {() => Promise<number>} act resolves to the number of the last change */
  const cost = (times, listeners, act) =>
    clocked(place, listeners, times, async () => {
      const version = await act();
      await heard(listeners, version);
    });

  const joins = await cost(people - 1, everybody, async () => {
    const versions = await inTurns(everybody.slice(1), AT_ONCE, async (one) => {
      await one.command('accept', callId);
      // Nobody speaks but the first two.
      if (one !== guest) await one.command('media-state', callId, { isMuted: true, videoEnabled: false });
      return (await one.command('media-connected', callId)).call.version;
    });
    return Math.max(...versions);
  });
  const memoryIn = place.memory();

  const mutes = await cost(changes, everybody, async () => {
    let version = 0;
    for (let index = 0; index < changes; index += 1) {
      const state = { isMuted: index % 2 === 0, videoEnabled: false };
      ({ version } = (await guest.command('media-state', callId, state)).call);
      await heard([host, guest], version);
    }
    return version;
  });
  // One falls silent, another begins: two changes at the same moment.
  const handovers = await cost(changes, everybody, async () => {
    let version = 0;
    for (let index = 0; index < changes; index += 1) {
      const [first, second] = await Promise.all([
        host.command('media-state', callId, { isMuted: index % 2 === 0, videoEnabled: false }),
        guest.command('media-state', callId, { isMuted: index % 2 === 1, videoEnabled: false }),
      ]);
      version = Math.max(first.call.version, second.call.version);
      await heard([host, guest], version);
    }
    return version;
  });
  const idle = await clocked(place, everybody, Math.max(1, idleMs / 1000), () => wait(idleMs));
  const leaving = everybody.slice(-leaves);
  const staying = everybody.slice(0, -leaves);
  const departures = await cost(leaves, staying, async () => {
    const versions = await inTurns(leaving, AT_ONCE, async (one) => (await one.command('leave', callId)).call.version);
    return Math.max(...versions);
  });
  const lost = everybody.filter(({ closed }) => closed !== null).map(({ closed }) => closed);
  if (lost.length > 0) throw new Error(`${lost.length} sockets were closed: ${lost[0]}`);
  await host.command('end', callId);
  for (const one of everybody) one.close();
  return {
    people,
    /** Commands that had to be sent again, since the database could not be reached in time. */
    again: everybody.reduce((sum, one) => sum + one.again, 0),
    connecting: connecting.cost,
    joins: joins.cost,
    mutes: mutes.cost,
    handovers: handovers.cost,
    departures: departures.cost,
    idleSecond: idle.cost,
    memory: { before: memoryBefore, connected: memoryConnected, inCall: memoryIn },
  };
}

/**
 * @template T @param {Place} place @param {Listener[]} listeners whose traffic counts @param {number} times @param {() => Promise<T>} act
 * @returns {Promise<{ value: T, cost: Cost }>}
 */
async function clocked(place, listeners, times, act) {
  const sum = (/** @type {'bytes' | 'messages'} */ what) => listeners.reduce((all, one) => all + one[what], 0);
  const before = { cpu: await place.cpu(), at: performance.now(), bytes: sum('bytes'), messages: sum('messages') };
  const value = await act();
  const seconds = (performance.now() - before.at) / 1000;
  const after = await place.cpu();
  const server = (after.server - before.cpu.server) / times;
  const each = Math.max(1, listeners.length) * times;
  return {
    value,
    cost: {
      times,
      seconds,
      server,
      database: (after.database - before.cpu.database) / times,
      bytes: (sum('bytes') - before.bytes) / each,
      messages: (sum('messages') - before.messages) / each,
      delivery: (server * 1000) / Math.max(1, listeners.length),
    },
  };
}
