import { hold, same } from '../broken.ts';
import type { Case } from '../case.ts';
import { took, tookCall } from '../http.ts';
import type { Device } from '../people.ts';
import { acked, callTo, pair, readCall, readEvents, ringAgain, ringing, talking, unchanged } from '../scenes.ts';
import { type Call, callOf, itemsOf, stateOf } from '../wire.ts';

/** Two people call each other at once: one call comes of it, and the ledger decides which. */
export const glare: readonly Case[] = [
  {
    name: 'glare_before_connect_winner',
    rule: 'whoever called first keeps their call: the other’s create is its accept, which the winner hears as such',
    run: async (stage) => {
      const { team, ada, grace, adaLine, call } = await ringing(stage);
      const answer = tookCall(await grace.create(callTo(team, ada.person)), [200], 'the second create');
      same(answer.id, call.id, 'the call of the second create');
      const view = await adaLine.view('accepted', call.id, ({ status }) => status === 'connecting');
      same([view.call.id, view.call.initiatorId], [call.id, ada.person.id], 'the call that the winner goes on with');
      same(stateOf(view.call, ada.person.id), 'connecting', 'the state of the winner');
      const accepted = (await readEvents(ada, call.id)).filter(({ type }) => type === 'accepted');
      same(
        accepted.map(({ actorId, data }) => [actorId, data.via]),
        [[grace.person.id, 'glare']],
        'the accepts of the call',
      );
    },
  },
  {
    name: 'glare_before_connect_loser',
    rule: 'whoever called second is in the first call, with its first type, on the device that called; their own never was',
    run: async (stage) => {
      const { team, ada, grace, graceLine, call } = await ringing(stage);
      const answer = tookCall(await grace.create(callTo(team, ada.person, 'video')), [200], 'the second create');
      same([answer.id, answer.callType, answer.status], [call.id, 'audio', 'connecting'], 'what the loser gets');
      const view = await graceLine.view('seated', call.id, ({ status }) => status === 'connecting');
      const seat = view.seats.find(({ userId }) => userId === grace.person.id);
      same(seat?.deviceId, grace.deviceId, 'the device on which the loser sits');
      same(await callsOf(grace, team.id), [call.id], 'the calls of the loser');
      same(await callsOf(ada, team.id), [call.id], 'the calls of the winner');
    },
  },
  {
    name: 'glare_before_connect_equal',
    rule: 'two creates at the same moment make one call: one is answered 201, the other 200, and both hear the same',
    run: async (stage) => {
      const two = await pair(stage);
      const { team, ada, grace, adaLine, graceLine } = two;
      for (let round = 0; round < 3; round += 1) {
        const answers = await Promise.all([
          adaLine.command('create', null, callTo(team, grace.person)),
          graceLine.command('create', null, callTo(team, ada.person)),
        ]);
        const calls = answers.map((answer) => acked(answer, [200, 201], 'create').call);
        same(answers.map(({ status }) => status).sort(), [200, 201], 'the answers to creates at the same moment');
        same(calls[0]?.id, calls[1]?.id, 'the calls of both creates');
        const id = calls[0]?.id ?? '';
        const views = await Promise.all(
          [adaLine, graceLine].map((line) => line.view('accepted', id, ({ status }) => status === 'connecting')),
        );
        same(views[0]?.call, views[1]?.call, 'the call as both hear it');
        tookCall(await ada.command('leave', id), [200], 'leave');
      }
    },
  },
  {
    name: 'glare_before_connect_equal_over_rest',
    rule: 'the same where the creates come as requests',
    run: async (stage) => {
      const { team, ada, grace } = await pair(stage);
      const answers = await Promise.all([
        ada.create(callTo(team, grace.person)),
        grace.create(callTo(team, ada.person)),
      ]);
      const calls = answers.map((answer) => tookCall(answer, [200, 201], 'create'));
      same(answers.map(({ status }) => status).sort(), [200, 201], 'the answers to creates at the same moment');
      same(calls[0]?.id, calls[1]?.id, 'the calls of both creates');
    },
  },
  {
    name: 'glare_after_connect_winner',
    rule: 'a create of the caller while both talk is answered 200 with the call that runs, and changes nothing',
    run: async (stage) => {
      const { team, ada, grace, call } = await talking(stage);
      await goesOn(ada, call, tookCall(await ada.create(callTo(team, grace.person)), [200], 'create'));
    },
  },
  {
    name: 'glare_after_connect_loser',
    rule: 'so is one of the person who was called',
    run: async (stage) => {
      const { team, ada, grace, call } = await talking(stage);
      await goesOn(grace, call, tookCall(await grace.create(callTo(team, ada.person, 'video')), [200], 'create'));
    },
  },
  {
    name: 'glare_after_connect_equal',
    rule: 'so are creates of both at the same moment',
    run: async (stage) => {
      const { team, ada, grace, call } = await talking(stage);
      const answers = await Promise.all([
        ada.create(callTo(team, grace.person)),
        grace.create(callTo(team, ada.person)),
      ]);
      for (const answer of answers) await goesOn(ada, call, tookCall(answer, [200], 'create'));
    },
  },
  {
    name: 'glare_from_another_device',
    rule: 'a create from a second device of somebody who has answered is told of the call, and does not move it there',
    run: async (stage) => {
      const { team, ada, grace, graceLine, call } = await talking(stage);
      const other = grace.person.device();
      await goesOn(grace, call, tookCall(await other.create(callTo(team, ada.person)), [200], 'create'));
      const seats = graceLine.views(call.id).at(-1)?.seats ?? [];
      same(
        seats.find(({ userId }) => userId === grace.person.id)?.deviceId,
        grace.deviceId,
        'the device on which the call goes on',
      );
    },
  },
  {
    name: 'recall_after_end',
    rule: 'once a call has ended the same two can have another one',
    run: async (stage) => {
      const two = await talking(stage);
      tookCall(await two.grace.command('leave', two.call.id), [200], 'leave');
      const { call } = await ringAgain(two);
      hold(call.id !== two.call.id, 'a create after the end makes a new call');
    },
  },
];

async function goesOn(who: Device, call: Call, answer: Call): Promise<void> {
  same([answer.id, answer.callType, answer.status], [call.id, 'audio', 'connected'], 'the call that goes on');
  await unchanged(who, call);
}

async function callsOf(who: Device, teamId: string): Promise<string[]> {
  const body = took(await who.ask('GET', `/api/calls?teamId=${teamId}`), [200], 'the history');
  const calls = itemsOf(body).map(callOf);
  for (const { id, version } of calls) same((await readCall(who, id)).version, version, 'the version in the history');
  return calls.map(({ id }) => id);
}
