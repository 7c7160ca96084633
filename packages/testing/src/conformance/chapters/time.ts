import { randomBytes } from 'node:crypto';
import { hold, same } from '../broken.ts';
import type { Case } from '../case.ts';
import { refused, tookCall } from '../http.ts';
import { PATIENCE_MS } from '../line.ts';
import type { Stage } from '../people.ts';
import { callTo, connect, heardRing, pair, readCall, ringing, unchanged } from '../scenes.ts';
import { type Call, endOf, itemOf, stateOf } from '../wire.ts';

const HOUR_MS = 3_600_000;
/** What clocks of several server nodes may differ by, in milliseconds. */
const SLACK_MS = 2_000;

/** From the create to the end of the ring, by the server's own word. */
const ringLengthOf = (call: Call, expiresAt: string): number => Date.parse(expiresAt) - Date.parse(call.createdAt);

/** An id that carries the time at which its maker thinks that it is (RFC 9562, version 7). */
function uuidAt(at: number): string {
  const hex = at.toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `7${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

/** Deadlines, and whose clock they go by. */
export const time: readonly Case[] = [
  {
    name: 'ring_expires',
    rule: 'a ring that nobody answers ends for both as missed with no_answer, not before its time; accept is call_ended then',
    waits: true,
    run: async (stage) => {
      const { ada, grace, adaLine, graceLine, call, ring } = await ringing(stage);
      const within = ringLengthOf(call, ring.expiresAt) + PATIENCE_MS;
      for (const line of [adaLine, graceLine]) {
        const { call: heard } = await line.view('its end', call.id, ({ status }) => status !== 'ringing', within);
        same(endOf(heard), 'missed/no_answer', 'the end of a ring that nobody answers');
        same(stateOf(heard, grace.person.id), 'missed', 'the state of the callee');
        hold(Date.parse(heard.endedAt ?? '') >= Date.parse(ring.expiresAt), 'the ring ended before its time');
      }
      refused(await grace.command('accept', call.id), 409, 'call_ended', 'an accept after the time');
      const { item } = await graceLine.heard('the missed call', ({ t }) => t === 'inbox');
      same([itemOf(item).callId, itemOf(item).type], [call.id, 'missed'], 'the entry of the inbox');
      same(endOf(await readCall(ada, call.id)), 'missed/no_answer', 'the end as one reads it');
    },
  },
  {
    name: 'ring_expires_unheard',
    rule: 'a device that comes when the ring is over is not rung, and finds the missed call in its inbox',
    waits: true,
    run: async (stage) => {
      const { team, people } = await stage.team('Ada', 'Grace');
      const ada = people[0].device();
      const line = await ada.open();
      const call = tookCall(await ada.create(callTo(team, people[1])), [201], 'create');
      const ringing = await line.view('ringing', call.id, () => true);
      const within = ringLengthOf(call, ringing.ringExpiresAt ?? '') + PATIENCE_MS;
      await line.view('its end', call.id, ({ status }) => status === 'missed', within);
      const welcome = await (await people[1].device().open()).welcomed();
      same([welcome.rings, welcome.calls], [[], []], 'rings and calls of the device that came late');
      same(
        welcome.inbox.items.map(({ callId, type, seq }) => [callId, type, seq]),
        [[call.id, 'missed', 1]],
        'the inbox of the device that came late',
      );
    },
  },
  {
    name: 'ring_says_its_time',
    rule: 'a ring names the instant of its end, the same in the ring and in the view, after the server’s now',
    run: async (stage) => {
      const { graceLine, call, ring } = await ringing(stage);
      const view = await graceLine.view('ringing', call.id, ({ status }) => status === 'ringing');
      same(view.ringExpiresAt, ring.expiresAt, 'the end of the ring');
      hold(ringLengthOf(call, ring.expiresAt) > 0, 'a ring ends after it began');
    },
  },
  {
    name: 'client_timestamps_refused',
    rule: 'no command takes a time from a client: an unknown field is bad_request, and nothing happens',
    run: async (stage) => {
      const { team, ada, grace, call } = await ringing(stage);
      const at = new Date(Date.now() - HOUR_MS).toISOString();
      const create = { ...callTo(team, grace.person), createdAt: at };
      refused(await ada.create(create), 400, 'bad_request', 'a create with a time');
      refused(await grace.command('accept', call.id, { at }), 400, 'bad_request', 'an accept with a time');
      refused(await grace.command('decline', call.id, { endedAt: at }), 400, 'bad_request', 'a decline with a time');
      refused(await ada.command('media-connected', call.id, { at }), 400, 'bad_request', 'a report with a time');
      await unchanged(ada, call);
    },
  },
  {
    name: 'clock_an_hour_ahead',
    rule: 'a client whose clock is an hour ahead calls, is rung, talks and ends by the server’s time',
    run: (stage) => byTheServersClock(stage, HOUR_MS),
  },
  {
    name: 'clock_an_hour_behind',
    rule: 'so does one whose clock is an hour behind',
    run: (stage) => byTheServersClock(stage, -HOUR_MS),
  },
];

/** A clock shows itself in the Date of a request and in keys that are made of the time. */
async function byTheServersClock(stage: Stage, skewMs: number): Promise<void> {
  const two = await pair(stage);
  const { team, ada, grace, adaLine, graceLine } = two;
  const now = () => Date.now() + skewMs;
  const before = Date.parse((await adaLine.welcomed()).serverTime);
  const made = await ada.ask('POST', '/api/calls', {
    body: callTo(team, grace.person),
    headers: { 'idempotency-key': uuidAt(now()), date: new Date(now()).toUTCString() },
  });
  const call = tookCall(made, [201], 'create');
  const ring = await heardRing(graceLine, call.id);
  hold(Date.parse(ring.expiresAt) > before, 'a ring that was over when it began');
  await connect(two, call.id);
  tookCall(await ada.command('leave', call.id, {}, uuidAt(now())), [200], 'leave');
  const after = Date.parse((await (await ada.person.device().open()).welcomed()).serverTime);
  const ended = await readCall(ada, call.id);
  const instants = [ended.createdAt, ended.connectedAt, ended.endedAt].map((at) => Date.parse(at ?? ''));
  const [created = 0, connected = 0, over = 0] = instants;
  hold(created <= connected && connected <= over, `the instants of a call follow each other: ${instants}`);
  hold(before - SLACK_MS <= created && over <= after + SLACK_MS, `${instants} is not between ${before} and ${after}`);
  same(ended.durationSeconds, Math.floor((over - connected) / 1000), 'the duration, in whole seconds');
}
