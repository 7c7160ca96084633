import { randomUUID } from 'node:crypto';
import { hold, same } from '../broken.ts';
import type { Case } from '../case.ts';
import { refused, took, tookCall } from '../http.ts';
import {
  acked,
  callTo,
  heardRing,
  isRingOf,
  nacked,
  pair,
  readCall,
  readEvents,
  ringing,
  talking,
  unchanged,
} from '../scenes.ts';
import { endOf, isJson, itemsOf, textOf } from '../wire.ts';

/** What is sent again, because its answer was lost or a network has doubled it. */
export const duplicates: readonly Case[] = [
  {
    name: 'create_twice',
    rule: 'a create under the same key is answered 200 with the call that it made, by request and by socket; it rings once',
    run: async (stage) => {
      const { team, ada, grace, adaLine, graceLine } = await pair(stage);
      const key = randomUUID();
      const body = callTo(team, grace.person);
      const call = tookCall(await ada.create(body, key), [201], 'create');
      same(tookCall(await ada.create(body, key), [200], 'the create again').id, call.id, 'the call of the same key');
      const again = acked(await adaLine.command('create', null, body, key), [200], 'the create on the socket');
      same(again.call.id, call.id, 'the call of the same key');
      await heardRing(graceLine, call.id);
      tookCall(await ada.command('cancel', call.id), [200], 'cancel');
      await graceLine.view('its end', call.id, ({ status }) => status === 'missed');
      same(graceLine.told.filter(isRingOf(call.id)).length, 1, 'how often the device was told of the ring');
      same(
        (await readEvents(ada, call.id)).map(({ type }) => type),
        ['created', 'cancelled'],
        'the events of the call',
      );
    },
  },
  {
    name: 'create_twice_at_once',
    rule: 'the same create four times at the same moment makes one call',
    run: async (stage) => {
      const { team, ada, grace } = await pair(stage);
      const key = randomUUID();
      const body = callTo(team, grace.person);
      const answers = await Promise.all(Array.from({ length: 4 }, () => ada.create(body, key)));
      const calls = answers.map((answer) => tookCall(answer, [200, 201], 'create'));
      same(new Set(calls.map(({ id }) => id)).size, 1, 'how many calls came of one key');
      same(answers.filter(({ status }) => status === 201).length, 1, 'how many answers say that it was made');
    },
  },
  {
    name: 'create_with_another_key',
    rule: 'a second create for a pair that has a call is answered 200 with that call',
    run: async (stage) => {
      const { team, ada, grace, call } = await ringing(stage);
      const again = tookCall(await ada.create(callTo(team, grace.person, 'video')), [200], 'the second create');
      same([again.id, again.callType], [call.id, 'audio'], 'the call of the pair');
      await unchanged(ada, call);
    },
  },
  {
    name: 'create_repeated_after_end',
    rule: 'a create that is repeated under its key when its call is over is told of that call, and calls nobody',
    run: async (stage) => {
      const { team, ada, grace, graceLine } = await pair(stage);
      const key = randomUUID();
      const body = callTo(team, grace.person);
      const call = tookCall(await ada.create(body, key), [201], 'create');
      tookCall(await ada.command('cancel', call.id), [200], 'cancel');
      const again = tookCall(await ada.create(body, key), [200], 'the create again');
      same([again.id, endOf(again)], [call.id, 'missed/cancelled'], 'what the repeated create is told');
      await graceLine.view('its end', call.id, ({ status }) => status === 'missed');
      await graceLine.alive();
      hold(!graceLine.told.some((m) => m.t === 'ring' && !isRingOf(call.id)(m)), 'a repeated create rang again');
    },
  },
  {
    name: 'key_with_another_body',
    rule: 'a key that was used for another command is refused with idempotency_key_reused, and nothing happens',
    run: async (stage) => {
      const { team, ada, grace, adaLine } = await pair(stage);
      const key = randomUUID();
      const call = tookCall(await ada.create(callTo(team, grace.person), key), [201], 'create');
      const other = callTo(team, grace.person, 'video');
      refused(await ada.create(other, key), 422, 'idempotency_key_reused', 'the key with another body');
      refused(await ada.command('cancel', call.id, {}, key), 422, 'idempotency_key_reused', 'the key with a cancel');
      nacked(await adaLine.command('create', null, other, key), 'idempotency_key_reused', 'the key on the socket');
      await unchanged(ada, call);
    },
  },
  {
    name: 'accept_twice',
    rule: 'an accept again is 200 and no new event: under the same key, under another of the same device, by socket',
    run: async (stage) => {
      const { grace, graceLine, call } = await ringing(stage);
      const key = randomUUID();
      const { version } = tookCall(await grace.command('accept', call.id, {}, key), [200], 'accept');
      tookCall(await grace.command('accept', call.id, {}, key), [200], 'the accept again');
      tookCall(await grace.command('accept', call.id), [200], 'the accept under another key');
      acked(await graceLine.command('accept', call.id, {}, key), [200], 'the accept on the socket');
      same((await readCall(grace, call.id)).version, version, 'the version after all of them');
    },
  },
  {
    name: 'leave_twice',
    rule: 'a leave again under its key is told of the end; under another it is call_ended',
    run: async (stage) => {
      const { ada, call } = await talking(stage);
      const key = randomUUID();
      const ended = tookCall(await ada.command('leave', call.id, {}, key), [200], 'leave');
      same(
        endOf(tookCall(await ada.command('leave', call.id, {}, key), [200], 'the leave again')),
        endOf(ended),
        'the end',
      );
      refused(await ada.command('leave', call.id), 409, 'call_ended', 'a leave under another key');
      await unchanged(ada, ended);
    },
  },
  {
    name: 'command_answer_lost',
    rule: 'a command whose socket broke before its answer is carried out once, however often it is sent again',
    run: async (stage) => {
      const { grace, graceLine, call } = await ringing(stage);
      const id = randomUUID();
      graceLine.say({ t: 'command', id, name: 'accept', callId: call.id, body: {} });
      graceLine.close();
      const line = await grace.open();
      acked(await line.command('accept', call.id, {}, id), [200], 'the accept on another socket');
      tookCall(await grace.command('accept', call.id, {}, id), [200], 'the accept as a request');
      const accepts = (await readEvents(grace, call.id)).filter(({ type }) => type === 'accepted');
      same(accepts.length, 1, 'how often it was accepted');
    },
  },
  {
    name: 'ready_twice',
    rule: 'ready may be said again; it stays one ring and changes nothing of the call',
    run: async (stage) => {
      const { ada, adaLine, graceLine, call, ring } = await ringing(stage);
      for (let i = 0; i < 2; i += 1) graceLine.say({ t: 'ready', callId: call.id, ringId: ring.ringId });
      await adaLine.heard('that the device is ready', ({ t, callId }) => t === 'ready' && callId === call.id);
      await graceLine.alive();
      await unchanged(ada, call);
    },
  },
  {
    name: 'message_twice',
    rule: 'a line of the chat that is sent again under its key is there once, and heard once',
    run: async (stage) => {
      const { team, ada, graceLine } = await pair(stage);
      const topic = `channel:${team.channelId}`;
      graceLine.say({ t: 'subscribe', topic });
      await graceLine.heard('subscribed', (m) => m.t === 'subscribed' && m.topic === topic);
      const path = `/api/channels/${team.channelId}/messages`;
      const write = (content: string, key: string) =>
        ada.ask('POST', path, { body: { content }, headers: { 'idempotency-key': key } });
      const key = randomUUID();
      const first = textOf(took(await write('once', key), [201], 'a message'), 'id');
      same(textOf(took(await write('once', key), [200], 'the message again'), 'id'), first, 'its id');
      took(await write('after it', randomUUID()), [201], 'another message');
      const saying = (content: string) => (m: { t: string; message?: unknown }) =>
        m.t === 'message' && isJson(m.message) && m.message.content === content;
      await graceLine.heard('the other message', saying('after it'));
      same(graceLine.told.filter(saying('once')).length, 1, 'how often it was heard');
      const kept = itemsOf(took(await ada.ask('GET', path), [200], 'the messages'));
      same(
        kept.map(({ content }) => content),
        ['after it', 'once'],
        'the messages of the channel, newest first',
      );
    },
  },
  {
    name: 'hello_twice',
    rule: 'a second hello is hello_repeated, and the socket goes on',
    run: async (stage) => {
      const { ada, adaLine } = await pair(stage);
      const { deviceId, instanceId, person } = ada;
      adaLine.hello({ token: person.token, deviceId, instanceId });
      same(await adaLine.error(null), 'hello_repeated', 'the second hello');
      await adaLine.alive();
    },
  },
];
