import { hold, same } from '../broken.ts';
import type { Case } from '../case.ts';
import { refused, tookCall } from '../http.ts';
import type { Device, Person } from '../people.ts';
import { callTo, heardRing, isRingOf, pair, readEvents, ringing } from '../scenes.ts';
import { codeOf, endOf, stateOf } from '../wire.ts';

const ACCEPTS = 100;

/** One person, several devices: all ring, one answers, and the others hear of it. */
export const devices: readonly Case[] = [
  {
    name: 'hundred_accepts_on_three_devices',
    rule: 'of a hundred accepts at the same moment on three devices one device wins, the others are answered_elsewhere, and everybody hears the same',
    run: async (stage) => {
      const { team, ada, grace, adaLine, graceLine } = await pair(stage);
      const all = [grace, grace.person.device(), grace.person.device()];
      const lines = [graceLine, ...(await Promise.all(all.slice(1).map((device) => device.open())))];
      const call = tookCall(await ada.create(callTo(team, grace.person)), [201], 'create');
      await Promise.all(lines.map((line) => heardRing(line, call.id)));
      // Every other one as a request, the rest on the sockets.
      const answers = await Promise.all(
        Array.from({ length: ACCEPTS }, async (_, i) => {
          const device = i % all.length;
          if (i % 2 === 0) {
            const answer = await all[device]?.command('accept', call.id);
            return { device, code: answer?.status === 200 ? 'ok' : codeOf(answer?.body) };
          }
          const answer = await lines[device]?.command('accept', call.id);
          return { device, code: answer?.t === 'ack' ? 'ok' : codeOf(answer?.problem) };
        }),
      );
      const winners = new Set(answers.filter(({ code }) => code === 'ok').map(({ device }) => device));
      same(winners.size, 1, 'how many devices won');
      const [winner = -1] = winners;
      for (const { device, code } of answers) {
        same(
          code,
          device === winner ? 'ok' : 'answered_elsewhere',
          `an accept of device ${device}, where ${winner} won`,
        );
      }
      for (const line of [adaLine, ...lines]) {
        const view = await line.view('accepted', call.id, ({ status }) => status === 'connecting');
        const seat = view.seats.find(({ userId }) => userId === grace.person.id);
        same(seat?.deviceId, all[winner]?.deviceId, 'the device that everybody hears of');
        same(view.call.version, call.version + 1, 'the version after one accept');
      }
      const accepts = (await readEvents(ada, call.id)).filter(({ type }) => type === 'accepted');
      same(accepts.length, 1, 'how many accepts the ledger has');
    },
  },
  {
    name: 'accept_ends_ring_elsewhere',
    rule: 'an accept on one device ends the ring on the others, which can neither accept nor decline any more',
    run: async (stage) => {
      const { grace, call } = await ringing(stage);
      const other = grace.person.device();
      const line = await other.open();
      tookCall(await grace.command('accept', call.id), [200], 'accept');
      const view = await line.view('answered', call.id, (now) => stateOf(now, grace.person.id) !== 'ringing');
      const seat = view.seats.find(({ userId }) => userId === grace.person.id);
      same(seat?.deviceId, grace.deviceId, 'the device that the other one is told of');
      refused(await other.command('accept', call.id), 409, 'answered_elsewhere', 'accept on the other device');
      refused(await other.command('decline', call.id), 409, 'answered_elsewhere', 'decline on the other device');
    },
  },
  {
    name: 'decline_ends_ring_elsewhere',
    rule: 'a decline on one device ends the ring on all of them, and the caller hears declined',
    run: async (stage) => {
      const { grace, adaLine, call } = await ringing(stage);
      const other = grace.person.device();
      const line = await other.open();
      tookCall(await grace.command('decline', call.id), [200], 'decline');
      for (const each of [line, adaLine]) {
        const view = await each.view('declined', call.id, ({ status }) => status !== 'ringing');
        same(endOf(view.call), 'rejected/declined', 'what is heard of the decline');
      }
      refused(await other.command('accept', call.id), 409, 'call_ended', 'accept on the other device');
    },
  },
  {
    name: 'cancel_ends_ring_everywhere',
    rule: 'a cancel ends the ring on all devices of the callee',
    run: async (stage) => {
      const { ada, grace, graceLine, call } = await ringing(stage);
      const line = await grace.person.device().open();
      tookCall(await ada.command('cancel', call.id), [200], 'cancel');
      for (const each of [graceLine, line]) {
        const view = await each.view('cancelled', call.id, ({ status }) => status !== 'ringing');
        same(endOf(view.call), 'missed/cancelled', 'what is heard of the cancel');
      }
    },
  },
  {
    name: 'offline_callee',
    rule: 'somebody without a device that is connected can be called; a device that comes in time is rung, and can accept',
    run: async (stage) => {
      const { team, people } = await stage.team('Ada', 'Grace');
      const [ada, grace] = [people[0].device(), people[1].device()];
      const adaLine = await ada.open();
      const call = tookCall(await ada.create(callTo(team, people[1])), [201], 'create');
      same(call.status, 'ringing', 'a call to somebody who is offline');
      const { rings, calls } = await (await grace.open()).welcomed();
      same(
        rings.map(({ callId }) => callId),
        [call.id],
        'the rings of a device that comes in time',
      );
      same(
        calls.map((view) => view.call.id),
        [call.id],
        'its calls',
      );
      tookCall(await grace.command('accept', call.id), [200], 'accept');
      await adaLine.view('accepted', call.id, ({ status }) => status === 'connecting');
    },
  },
  {
    name: 'ring_of_its_own_for_each_device',
    rule: 'each device has a ring id of its own; ready with another one’s is ring_unknown',
    run: async (stage) => {
      const { grace, adaLine, graceLine, call, ring } = await ringing(stage);
      const other = grace.person.device();
      const line = await other.open();
      const [second] = (await line.welcomed()).rings;
      hold(second !== undefined, 'a device that comes while it rings has its ring in the welcome');
      hold(second.ringId !== ring.ringId, 'two devices have the same ring id');
      line.say({ t: 'ready', callId: call.id, ringId: ring.ringId });
      same(await line.error(call.id), 'ring_unknown', 'ready with the ring of another device');
      graceLine.say({ t: 'ready', callId: call.id, ringId: ring.ringId });
      const told = await adaLine.heard('that a device is ready', ({ t }) => t === 'ready');
      same(JSON.stringify(told.from).includes(grace.instanceId), true, 'the device that is ready');
    },
  },
  {
    name: 'ready_told_again',
    rule: 'a caller who was away is told again which devices are ready',
    run: async (stage) => {
      const { ada, grace, adaLine, graceLine, call, ring } = await ringing(stage);
      graceLine.say({ t: 'ready', callId: call.id, ringId: ring.ringId });
      await adaLine.heard('that a device is ready', ({ t }) => t === 'ready');
      adaLine.close();
      const line = await ada.open();
      const told = await line.heard('that a device is ready, again', ({ t }) => t === 'ready');
      hold(JSON.stringify(told.from).includes(grace.instanceId), 'another device than the one that is ready');
    },
  },
  {
    name: 'callers_own_devices_do_not_ring',
    rule: 'the caller’s devices hear of the call and do not ring',
    run: async (stage) => {
      const { ada, adaLine, call } = await ringing(stage);
      const line = await ada.person.device().open();
      const welcome = await line.welcomed();
      same(
        [welcome.rings, welcome.calls.map((view) => view.call.id)],
        [[], [call.id]],
        'rings and calls of the caller’s other device',
      );
      await adaLine.alive();
      hold(!adaLine.told.some(isRingOf(call.id)), 'the caller’s own device rang');
    },
  },
  {
    name: 'two_calls_out_from_two_devices',
    rule: 'of two calls that a person rings out from two devices the one that is answered second begins on hold for them, also when both are answered at the same moment',
    run: async (stage) => {
      const { team, people } = await stage.team('Ada', 'Grace', 'Linus');
      const [ada, grace, linus] = people.map((person) => person.device());
      hold(ada && grace && linus, 'three people');
      await Promise.all([grace.open(), linus.open()]);
      const ring = async (from: Device, to: Person) =>
        tookCall(await from.create(callTo(team, to)), [201], 'create').id;
      const calls = [await ring(ada, grace.person), await ring(ada.person.device(), linus.person)] as const;
      const answers = await Promise.all([grace.command('accept', calls[0]), linus.command('accept', calls[1])]);
      for (const answer of answers) tookCall(answer, [200], 'accept');
      const holds = [];
      for (const [n, who] of [grace, linus].entries()) {
        const events = await readEvents(who, calls[n] ?? '');
        same(events[1]?.type, 'accepted', 'what follows a create');
        holds.push(events.filter(({ type, actorId }) => type === 'hold' && actorId === ada.person.id).length);
      }
      same(holds.toSorted(), [0, 1], 'on how many of the two the caller is on hold');
    },
  },
];
