// What the media server does for a call of many: two speak, the others listen, each a real participant without a browser.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { HeadlessMember } from '../../packages/testing/src/headless/index.ts';
import { ask, Listener } from './listener.mjs';
import { cpuOf, inTurns } from './place.mjs';

/** @typedef {Awaited<ReturnType<typeof import('./place.mjs').openPlace>>} Place */
/** @typedef {Awaited<ReturnType<typeof import('./place.mjs').openTeam>>} Team */

const SPEAKERS = 2;
const AT_ONCE = 5;
/** So long is listened to, in milliseconds. */
const LISTEN_MS = 8_000;
const PATIENCE_MS = 90_000;

/** Waits for the place's own media server. @param {Place} place @returns {Promise<string | null>} why there is none */
export async function mediaReady(place) {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const { sfu } = await (await fetch(`${place.url}/health/ready`)).json();
    if (sfu === 'ready') return null;
    if (sfu === 'absent') return 'no media server could be had';
    await wait(250);
  }
  return `no media server within ${PATIENCE_MS / 1000} s`;
}

/** The process of the media server that tells this place of its rooms. @param {Place} place */
function mediaServerOf({ url }) {
  const mark = `:${new URL(url).port}/api/media/webhook`;
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    try {
      if (!/livekit-server[^/]*$/.test(readlinkSync(`/proc/${pid}/exe`))) continue;
      if (readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark)) return pid;
    } catch {
      // It has ended, or is not ours to look at.
    }
  }
  throw new Error('The media server is not to be found.');
}

/** @param {Place} place @param {Team} team @param {number} people */
export async function measureMedia(place, team, people) {
  const pid = mediaServerOf(place);
  const tokens = team.tokens.slice(0, people);
  const sockets = await inTurns(tokens, AT_ONCE, (token) => Listener.open(place, token, []));
  const [first] = sockets;
  if (first === undefined) throw new Error('Nobody is there.');
  const made = await first.command('create', undefined, {
    teamId: team.teamId,
    channelId: team.channelId,
    callType: 'group_audio',
    recipientIds: [],
  });
  const callId = made.call.id;
  const begun = { at: performance.now(), cpu: cpuOf(pid) };
  const members = await inTurns(sockets, AT_ONCE, async (socket, index) => {
    if (index > 0) await socket.command('accept', callId);
    const { url, token } = await ask(place, tokens[index] ?? '', 'POST', `/api/calls/${callId}/token`, {}, socket);
    const member = await HeadlessMember.join(url, token, { count: false });
    if (index < SPEAKERS) await member.publishTone();
    await socket.command('media-connected', callId);
    return member;
  });
  const joins = { seconds: (performance.now() - begun.at) / 1000, sfu: (cpuOf(pid) - begun.cpu) / people };
  const listeners = members.slice(SPEAKERS);
  const bytes = async () => Promise.all(listeners.map((member) => member.bytesReceived()));
  // Everybody hears before it is measured what that costs.
  const end = Date.now() + PATIENCE_MS;
  while ((await bytes()).some((count) => count === 0)) {
    if (Date.now() > end) throw new Error('Not everybody hears something.');
    await wait(200);
  }
  const before = { at: performance.now(), cpu: cpuOf(pid), bytes: await bytes() };
  await wait(LISTEN_MS);
  const seconds = (performance.now() - before.at) / 1000;
  const after = { cpu: cpuOf(pid), bytes: await bytes() };
  const each = after.bytes.map((count, index) => (count - (before.bytes[index] ?? 0)) / seconds);
  const sfu = (after.cpu - before.cpu) / seconds;
  await Promise.all(members.map((member) => member.leave()));
  await first.command('end', callId);
  for (const socket of sockets) socket.close();
  return {
    people,
    speakers: SPEAKERS,
    joins,
    /** Milliseconds of the media server's processor in a second of the call; and for each flow that it hands on. */
    sfu,
    flow: sfu / (people * SPEAKERS - SPEAKERS),
    /** Kilobits a second that a listener gets: the mean, and the most. */
    kbps: (each.reduce((sum, one) => sum + one, 0) / each.length) * 0.008,
    mostKbps: Math.max(...each) * 0.008,
  };
}
