import { randomUUID } from 'node:crypto';
import { hold, same } from '../broken.ts';
import type { Case } from '../case.ts';
import { type Answer, refused, took, tookCall } from '../http.ts';
import type { Line } from '../line.ts';
import { callTo, nacked, pair, ringing, talking, unchanged } from '../scenes.ts';

const MAX_FRAME_BYTES = 65_536;
const MAX_RELAY_CHARS = 60_000;
/** More than a socket may say at once. */
const BURST = 300;

/** A frame that is no message has this code, and the socket lives on. */
const badFrame = (name: string, rule: string, code: string, send: (line: Line) => void): Case => ({
  name,
  rule,
  run: async (stage) => {
    const { ada, adaLine, call } = await ringing(stage);
    const since = adaLine.mark;
    send(adaLine);
    same(await adaLine.error(null, since), code, 'the error');
    await adaLine.alive();
    await unchanged(ada, call);
  },
});

/** What is no message, or none that is known: a stable code, and the socket lives or closes as the contract says. */
export const frames: readonly Case[] = [
  badFrame('frame_not_json', 'a frame that is no JSON is bad_frame', 'bad_frame', (line) => line.sayRaw('{"t":')),
  badFrame('frame_not_text', 'a frame that is not text is bad_frame', 'bad_frame', (line) =>
    line.sayRaw(new TextEncoder().encode(JSON.stringify({ t: 'resume', callId: randomUUID(), after: 0 }))),
  ),
  badFrame('frame_of_no_known_kind', 'a message that is not known is bad_frame', 'bad_frame', (line) =>
    line.say({ t: 'call_me_maybe' }),
  ),
  badFrame('frame_with_a_foreign_field', 'a message with a field that is not known is bad_frame', 'bad_frame', (line) =>
    line.say({ t: 'resume', callId: randomUUID(), after: 0, hurry: true }),
  ),
  badFrame('frame_too_large', 'a frame of more than 65,536 bytes is frame_too_large', 'frame_too_large', (line) =>
    line.sayRaw(JSON.stringify({ t: 'x', pad: 'é'.repeat(MAX_FRAME_BYTES / 2) })),
  ),
  {
    name: 'relay_too_long',
    rule: 'a payload of 60,000 characters arrives; a longer one is refused, and the socket lives on',
    run: async (stage) => {
      const { grace, adaLine, graceLine, call } = await talking(stage);
      const relay = (payload: string) =>
        adaLine.say({
          t: 'relay',
          callId: call.id,
          to: grace.instanceId,
          epoch: call.mediaEpoch,
          generation: 0,
          payload,
        });
      relay('x'.repeat(MAX_RELAY_CHARS + 1));
      same(await adaLine.error(null), 'bad_frame', 'a payload that is too long');
      relay('x'.repeat(MAX_RELAY_CHARS));
      const told = await graceLine.heard('the longest payload', ({ t }) => t === 'relay');
      same(String(told.payload).length, MAX_RELAY_CHARS, 'its length');
    },
  },
  {
    name: 'three_bad_frames',
    rule: 'the third bad frame in a row closes with 4000; a good one between them begins the count anew',
    run: async (stage) => {
      const { adaLine, graceLine } = await pair(stage);
      for (const _ of [1, 2]) adaLine.sayRaw('no');
      await adaLine.alive();
      for (const _ of [1, 2]) adaLine.sayRaw('no');
      await adaLine.alive();
      for (const _ of [1, 2, 3]) graceLine.sayRaw('no');
      same(await graceLine.closed(), 4000, 'the close after three bad frames in a row');
      hold(adaLine.isOpen, 'a socket was closed whose bad frames were not in a row');
    },
  },
  {
    name: 'command_of_no_known_name',
    rule: 'a command that is not known, or whose body does not fit, is refused under its id, and the socket lives on',
    run: async (stage) => {
      const { ada, adaLine, call } = await ringing(stage);
      nacked(await adaLine.command('teleport', call.id), 'bad_frame', 'a command that is not known');
      nacked(await adaLine.command('cancel', call.id, { really: true }), 'bad_request', 'a body with a foreign field');
      nacked(await adaLine.command('cancel', null), 'bad_request', 'a command without its call');
      await adaLine.alive();
      await unchanged(ada, call);
    },
  },
  {
    name: 'hello_missing',
    rule: 'anything before hello is hello_required, and closes with 4001',
    run: async (stage) => {
      const line = await stage.connect();
      line.say({ t: 'resume', callId: randomUUID(), after: 0 });
      same(await line.error(null), 'hello_required', 'a message before hello');
      same(await line.closed(), 4001, 'the close');
    },
  },
  {
    name: 'hello_late',
    rule: 'a socket that says no hello for ten seconds is hello_required, and closes with 4001',
    waits: true,
    run: async (stage) => {
      const line = await stage.connect();
      same(await line.error(null), 'hello_required', 'silence before hello');
      same(await line.closed(), 4001, 'the close');
    },
  },
  {
    name: 'hello_of_another_version',
    rule: 'another version of the protocol closes with 4003',
    run: async (stage) => {
      const line = await stage.connect();
      const ids = { deviceId: randomUUID(), instanceId: randomUUID() };
      line.say({ t: 'hello', v: 2, token: 'x', ...ids });
      same(await line.closed(), 4003, 'the close');
    },
  },
  {
    name: 'hello_with_a_bad_token',
    rule: 'a token that is not valid is token_invalid, and closes with 4001',
    run: async (stage) => {
      const line = await stage.connect();
      line.hello({ token: 'not.a.token', deviceId: randomUUID(), instanceId: randomUUID() });
      same(await line.error(null), 'token_invalid', 'hello with a token that is none');
      same(await line.closed(), 4001, 'the close');
    },
  },
  {
    name: 'burst_on_a_socket',
    rule: 'more than 200 messages at once are rate_limited with a time after which to come again; who slows down goes on',
    waits: true,
    run: async (stage) => {
      const { adaLine } = await pair(stage);
      for (let i = 0; i < BURST; i += 1) adaLine.say({ t: 'unsubscribe', topic: `call:${randomUUID()}` });
      const told = await adaLine.heard('rate_limited', ({ t, ref }) => t === 'error' && ref === null);
      same(typeof told.retryAfterMs, 'number', 'retryAfterMs of rate_limited');
      // The next ping is so far off that some messages may be said again.
      await adaLine.heard('a ping', ({ t }) => t === 'ping', { since: adaLine.mark, within: 120_000 });
      await adaLine.alive();
    },
  },
  {
    name: 'calls_of_a_pair_in_a_minute',
    rule: 'the sixth new call of a pair within a minute is 429 rate_limited with Retry-After',
    run: async (stage) => {
      const { team, ada, grace } = await pair(stage);
      let limited: Answer | null = null;
      for (let i = 0; i < 6 && limited === null; i += 1) {
        const answer = await ada.ask('POST', '/api/calls', {
          body: callTo(team, grace.person),
          headers: { 'idempotency-key': randomUUID() },
          impatient: true,
        });
        if (answer.status === 429) {
          same(i, 5, 'how many calls of a pair were let through');
          limited = answer;
        } else tookCall(await ada.command('cancel', tookCall(answer, [201], 'create').id), [200], 'cancel');
      }
      hold(limited !== null, 'six new calls of a pair within a minute were let through');
      refused(limited, 429, 'rate_limited', 'the sixth call');
      hold(Number(limited.headers.get('retry-after')) >= 1, 'a 429 says Retry-After in seconds');
    },
  },
  {
    name: 'bad_requests',
    rule: 'what is wrong with a request is told as a problem document with a stable code, and nothing happens',
    run: async (stage) => {
      const { team, ada, grace, call } = await ringing(stage);
      const { token } = ada.person;
      const key = { 'idempotency-key': randomUUID() };
      const post = (path: string, ask: object) => ada.ask('POST', path, ask);
      const path = `/api/calls/${call.id}/cancel`;
      const json = { ...key, 'content-type': 'application/json' };
      refused(await post(path, { raw: '{', headers: json }), 400, 'bad_json', 'no JSON');
      refused(await post(path, { body: { a: 1 }, headers: key }), 400, 'bad_request', 'a foreign field');
      refused(await post('/api/calls/7/cancel', { body: {}, headers: key }), 400, 'bad_id', 'an id that is none');
      refused(await post(path, { body: {} }), 400, 'idempotency_key_required', 'no key');
      refused(
        await post(path, { raw: '{}', headers: { ...key, 'content-type': 'text/plain' } }),
        415,
        'unsupported_media_type',
        'another type',
      );
      const large = { body: { pad: 'x'.repeat(100_000) }, headers: key };
      refused(await post(path, large), 413, 'body_too_large', 'a body that is too large');
      const create = { body: callTo(team, grace.person), headers: key, token };
      refused(await stage.http.ask('POST', '/api/calls', create), 400, 'device_required', 'a create of no device');
      refused(await stage.http.ask('GET', '/api/calls'), 401, 'unauthenticated', 'no token');
      refused(await stage.http.ask('GET', '/api/calls', { token: 'x' }), 401, 'token_invalid', 'a token that is none');
      refused(await ada.ask('GET', '/api/nothing'), 404, 'not_found', 'a path that is none');
      await unchanged(ada, call);
    },
  },
  {
    name: 'signed_out',
    rule: 'a token whose session was signed out opens nothing any more',
    run: async (stage) => {
      const person = await stage.person('Ada');
      took(await person.ask('POST', '/api/auth/sign-out', { body: {} }), [204], 'sign-out');
      refused(await person.ask('GET', '/api/me'), 401, 'token_invalid', 'a request after the sign-out');
      const line = await stage.connect();
      line.hello({ token: person.token, deviceId: randomUUID(), instanceId: randomUUID() });
      same(await line.closed(), 4001, 'the close after the sign-out');
    },
  },
];
