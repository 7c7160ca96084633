import { randomUUID } from 'node:crypto';
import { hold, same } from '../broken.ts';
import type { Case } from '../case.ts';
import { refused, tookCall } from '../http.ts';
import type { Line, Told } from '../line.ts';
import { acked, callTo, heardRing, pair, readCall, ringing, talking, unchanged } from '../scenes.ts';
import { type Call, endOf } from '../wire.ts';

const relay = (line: Line, { id, mediaEpoch }: Call, to: string, payload: string, epoch = mediaEpoch) =>
  line.say({ t: 'relay', callId: id, to, epoch, generation: 0, payload });

const relays = (line: Line): Told[] => line.told.filter(({ t }) => t === 'relay');
const payloads = (line: Line) => relays(line).map(({ payload }) => payload);
const heardPayload = (line: Line, payload: string) =>
  line.heard(`the message ${payload}`, (m) => m.t === 'relay' && m.payload === payload);

/** What comes before that on which it seems to depend. */
export const order: readonly Case[] = [
  {
    name: 'candidates_before_offer',
    rule: 'what devices say to each other is opaque and keeps its order, candidates before the offer too; the server writes the sender',
    run: async (stage) => {
      const { ada, grace, adaLine, graceLine, call, ring } = await ringing(stage);
      graceLine.say({ t: 'ready', callId: call.id, ringId: ring.ringId });
      await adaLine.heard('that the device is ready', ({ t, callId }) => t === 'ready' && callId === call.id);
      const sent = ['candidate 1', 'candidate 2', 'offer', 'candidate 3'];
      for (const payload of sent) relay(adaLine, call, grace.instanceId, payload);
      await heardPayload(graceLine, 'candidate 3');
      same(payloads(graceLine), sent, 'what was said, in its order');
      const { userId, deviceId, instanceId } = { ...ada, userId: ada.person.id };
      same(relays(graceLine)[0]?.from, { userId, deviceId, instanceId }, 'the sender');
      relay(graceLine, call, ada.instanceId, 'answer');
      await heardPayload(adaLine, 'answer');
    },
  },
  {
    name: 'candidates_before_ready',
    rule: 'a device that rings and has not said ready is sent nothing, and nothing is kept for it',
    run: async (stage) => {
      const { grace, adaLine, graceLine, call, ring } = await ringing(stage);
      relay(adaLine, call, grace.instanceId, 'early');
      same(await adaLine.error(call.id), 'peer_not_in_call', 'a message before ready');
      graceLine.say({ t: 'ready', callId: call.id, ringId: ring.ringId });
      await adaLine.heard('that the device is ready', ({ t, callId }) => t === 'ready' && callId === call.id);
      relay(adaLine, call, grace.instanceId, 'in time');
      await heardPayload(graceLine, 'in time');
      same(payloads(graceLine), ['in time'], 'what the device was sent');
    },
  },
  {
    name: 'candidates_of_another_epoch',
    rule: 'what belongs to another media epoch than the call’s is refused with stale_epoch',
    run: async (stage) => {
      const { grace, adaLine, graceLine, call } = await talking(stage);
      relay(adaLine, call, grace.instanceId, 'of tomorrow', call.mediaEpoch + 1);
      same(await adaLine.error(call.id), 'stale_epoch', 'a message of another epoch');
      relay(adaLine, call, grace.instanceId, 'of today');
      await heardPayload(graceLine, 'of today');
      same(payloads(graceLine), ['of today'], 'what the device was sent');
    },
  },
  {
    name: 'candidates_after_hangup',
    rule: 'once the call has ended nothing is relayed any more',
    run: async (stage) => {
      const { ada, grace, adaLine, graceLine, call } = await talking(stage);
      tookCall(await grace.command('leave', call.id), [200], 'leave');
      await adaLine.view('ended', call.id, ({ status }) => status === 'ended');
      relay(adaLine, call, grace.instanceId, 'late');
      same(await adaLine.error(call.id), 'peer_not_in_call', 'a message after the end');
      await graceLine.alive();
      same(payloads(graceLine), [], 'what the device was sent');
      same(endOf(await readCall(ada, call.id)), 'ended/hangup', 'the end of the call');
    },
  },
  {
    name: 'hangup_before_offer',
    rule: 'a call can be cancelled before its devices have said a word to each other',
    run: async (stage) => {
      const { ada, graceLine, call } = await ringing(stage);
      tookCall(await ada.command('cancel', call.id), [200], 'cancel');
      const { call: heard } = await graceLine.view('its end', call.id, ({ status }) => status !== 'ringing');
      same(endOf(heard), 'missed/cancelled', 'the end that the callee hears');
    },
  },
  {
    name: 'hangup_before_ready',
    rule: 'ready for a ring that is over is refused with ring_unknown, and the caller hears nothing',
    run: async (stage) => {
      const { ada, adaLine, graceLine, call, ring } = await ringing(stage);
      tookCall(await ada.command('cancel', call.id), [200], 'cancel');
      const since = graceLine.mark;
      graceLine.say({ t: 'ready', callId: call.id, ringId: ring.ringId });
      same(await graceLine.error(call.id, since), 'ring_unknown', 'ready after the end');
      await adaLine.alive();
      hold(!adaLine.told.some(({ t }) => t === 'ready'), 'the caller was told that a device is ready after the end');
    },
  },
  {
    name: 'accept_before_ready',
    rule: 'a device that never said ready can accept',
    run: async (stage) => {
      const { grace, adaLine, call } = await ringing(stage);
      tookCall(await grace.command('accept', call.id), [200], 'accept');
      await adaLine.view('accepted', call.id, ({ status }) => status === 'connecting');
    },
  },
  {
    name: 'media_before_accept',
    rule: 'media cannot flow before somebody has accepted: not_accepted, and the call rings on',
    run: async (stage) => {
      const { ada, grace, call } = await ringing(stage);
      for (const device of [ada, grace]) {
        refused(await device.command('media-connected', call.id), 409, 'not_accepted', 'media before the accept');
      }
      await unchanged(ada, call);
    },
  },
  {
    name: 'stop_before_start',
    rule: 'cancel, leave, end and decline of a call that is not there yet are not_found, and harm no call that comes',
    run: async (stage) => {
      const { team, ada, grace, graceLine } = await pair(stage);
      const id = randomUUID();
      for (const name of ['cancel', 'leave', 'end', 'decline', 'accept']) {
        refused(await ada.command(name, id), 404, 'not_found', `${name} of a call that is not there`);
      }
      const call = tookCall(await ada.create(callTo(team, grace.person)), [201], 'create');
      await heardRing(graceLine, call.id);
      await unchanged(ada, call);
    },
  },
  {
    name: 'commands_keep_their_order',
    rule: 'commands of one socket are carried out and answered in their order, without waiting for the answers',
    run: async (stage) => {
      const { team, grace, adaLine, graceLine, call } = await ringing(stage);
      const ids = { cancel: randomUUID(), create: randomUUID(), accept: randomUUID() };
      adaLine.say({ t: 'command', id: ids.cancel, name: 'cancel', callId: call.id, body: {} });
      adaLine.say({ t: 'command', id: ids.create, name: 'create', body: callTo(team, grace.person) });
      adaLine.say({ t: 'command', id: ids.accept, name: 'accept', callId: call.id, body: {} });
      const answers = await Promise.all(Object.values(ids).map((id) => adaLine.answer(id)));
      same(
        answers.map(({ t, status }) => [t, status]),
        [
          ['ack', 200],
          ['ack', 201],
          ['error', undefined],
        ],
        'a cancel, a create of another call, an accept of the cancelled one',
      );
      const places = answers.map((answer) => adaLine.told.indexOf(answer));
      same(
        places,
        places.toSorted((a, b) => a - b),
        'the order of the answers',
      );
      await heardRing(graceLine, acked(await adaLine.answer(ids.create), [201], 'create').call.id);
    },
  },
  {
    name: 'leave_before_join',
    rule: 'who has not accepted can neither leave nor end: not_accepted, and it rings on',
    run: async (stage) => {
      const { ada, grace, call } = await ringing(stage);
      for (const name of ['leave', 'end']) {
        refused(await grace.command(name, call.id), 409, 'not_accepted', `${name} before the accept`);
      }
      await unchanged(ada, call);
    },
  },
  {
    name: 'cancel_after_accept',
    rule: 'what was answered cannot be cancelled: not_ringing',
    run: async (stage) => {
      const { ada, call } = await talking(stage);
      refused(await ada.command('cancel', call.id), 409, 'not_ringing', 'cancel of an answered call');
      await unchanged(ada, call);
    },
  },
  {
    name: 'accept_after_cancel',
    rule: 'a cancelled call cannot be accepted, declined or cancelled again: call_ended',
    run: async (stage) => {
      const { ada, grace, call } = await ringing(stage);
      const ended = tookCall(await ada.command('cancel', call.id), [200], 'cancel');
      refused(await grace.command('accept', call.id), 409, 'call_ended', 'accept after the cancel');
      refused(await grace.command('decline', call.id), 409, 'call_ended', 'decline after the cancel');
      refused(await ada.command('cancel', call.id), 409, 'call_ended', 'cancel after the cancel');
      await unchanged(ada, ended);
    },
  },
  {
    name: 'accept_and_cancel_at_once',
    rule: 'an accept and a cancel at the same moment: one of them has come first, and both sides hear which',
    run: async (stage) => {
      const { ada, grace, adaLine, graceLine, call } = await ringing(stage);
      const [accept, cancel] = await Promise.all([grace.command('accept', call.id), ada.command('cancel', call.id)]);
      const isAccepted = accept.status === 200;
      if (isAccepted) refused(cancel, 409, 'not_ringing', 'the cancel that came second');
      else {
        tookCall(cancel, [200], 'the cancel that came first');
        refused(accept, 409, 'call_ended', 'the accept that came second');
      }
      const expected = isAccepted ? 'connecting/null' : 'missed/cancelled';
      for (const line of [adaLine, graceLine]) {
        const view = await line.view('what came first', call.id, ({ status }) => status !== 'ringing');
        same(endOf(view.call), expected, 'what became of the call');
      }
    },
  },
  {
    name: 'commands_of_the_wrong_side',
    rule: 'the caller can neither accept nor decline their own call, and the callee cannot cancel it',
    run: async (stage) => {
      const { ada, grace, call } = await ringing(stage);
      refused(await ada.command('accept', call.id), 409, 'own_call', 'accept of one’s own call');
      refused(await ada.command('decline', call.id), 409, 'own_call', 'decline of one’s own call');
      refused(await grace.command('cancel', call.id), 403, 'not_initiator', 'cancel by the callee');
      await unchanged(ada, call);
    },
  },
];
