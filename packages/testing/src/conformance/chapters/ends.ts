import { hold, same } from '../broken.ts';
import type { Case } from '../case.ts';
import { refused, took, tookCall } from '../http.ts';
import type { Stage } from '../people.ts';
import { callTo, isRingOf, type Pair, readCall, ringing, talking, unchanged } from '../scenes.ts';
import { type Call, callOf, endOf, isJson, itemOf, itemsOf, stateOf, textOf } from '../wire.ts';

/** A way in which a call of Ada to Grace ends. */
interface Way {
  readonly name: string;
  readonly rule: string;
  readonly from: 'ringing' | 'talking';
  readonly by: 'ada' | 'grace';
  readonly command: string;
  readonly body?: object;
  readonly end: string;
  /** States of Ada and Grace. */
  readonly states: readonly [string, string];
  /** What the inboxes of Ada and Grace say of it. */
  readonly told: readonly [string | null, string | null];
}

const WAYS: readonly Way[] = [
  {
    name: 'end_declined',
    rule: 'a declined call is rejected with declined for both, and the caller’s inbox has it',
    from: 'ringing',
    by: 'grace',
    command: 'decline',
    end: 'rejected/declined',
    states: ['left', 'declined'],
    told: ['rejected', null],
  },
  {
    name: 'end_cancelled',
    rule: 'a cancelled call is missed with cancelled for both, and the callee’s inbox has it',
    from: 'ringing',
    by: 'ada',
    command: 'cancel',
    end: 'missed/cancelled',
    states: ['left', 'missed'],
    told: [null, 'missed'],
  },
  {
    name: 'end_left_while_it_rings',
    rule: 'a caller who leaves while it rings has cancelled',
    from: 'ringing',
    by: 'ada',
    command: 'leave',
    end: 'missed/cancelled',
    states: ['left', 'missed'],
    told: [null, 'missed'],
  },
  {
    name: 'end_hangup_by_caller',
    rule: 'a call of two ends for both with hangup when the caller leaves',
    from: 'talking',
    by: 'ada',
    command: 'leave',
    end: 'ended/hangup',
    states: ['left', 'left'],
    told: [null, null],
  },
  {
    name: 'end_hangup_by_callee',
    rule: 'a call of two ends for both with hangup when the callee leaves',
    from: 'talking',
    by: 'grace',
    command: 'leave',
    end: 'ended/hangup',
    states: ['left', 'left'],
    told: [null, null],
  },
  {
    name: 'end_for_everyone_by_caller',
    rule: 'end by the caller is ended_by_host for both',
    from: 'talking',
    by: 'ada',
    command: 'end',
    end: 'ended/ended_by_host',
    states: ['left', 'left'],
    told: [null, null],
  },
  {
    name: 'end_for_everyone_by_callee',
    rule: 'end by the other of two is a hangup for both',
    from: 'talking',
    by: 'grace',
    command: 'end',
    end: 'ended/hangup',
    states: ['left', 'left'],
    told: [null, null],
  },
  {
    name: 'end_media_failed',
    rule: 'whoever leaves because media failed ends the call for both with media_failed',
    from: 'talking',
    by: 'grace',
    command: 'leave',
    body: { reason: 'media_failed' },
    end: 'ended/media_failed',
    states: ['left', 'left'],
    told: [null, null],
  },
];

/** Both sides hear of the same end, word for word, wherever they look. */
export const ends: readonly Case[] = [
  ...WAYS.map((way): Case => ({ name: way.name, rule: way.rule, run: (stage) => endsBy(stage, way) })),
  {
    name: 'waiting',
    rule: 'a call to somebody who is in a call rings quietly, and disturbs nothing',
    run: async (stage) => {
      const { team, people } = await stage.team('Ada', 'Grace', 'Linus');
      const [ada, grace, linus] = people.map((person) => person.device());
      hold(ada && grace && linus, 'three people');
      const line = await grace.open();
      const talk = tookCall(await ada.create(callTo(team, grace.person)), [201], 'create');
      const answered = tookCall(await grace.command('accept', talk.id), [200], 'accept');
      const call = tookCall(await linus.create(callTo(team, grace.person)), [201], 'a call to somebody who talks');
      same([call.status, stateOf(call, grace.person.id)], ['ringing', 'ringing'], 'what the caller is told');
      await line.heard('the ring', isRingOf(call.id));
      await unchanged(grace, answered);
    },
  },
  {
    name: 'busy',
    rule: 'a call to somebody for whom one waits already is at once rejected with busy: it rings nowhere, and disturbs nothing',
    run: async (stage) => {
      const { team, people } = await stage.team('Ada', 'Grace', 'Linus', 'Ken');
      const [ada, grace, linus, ken] = people.map((person) => person.device());
      hold(ada && grace && linus && ken, 'four people');
      const [graceLine, kenLine] = await Promise.all([grace.open(), ken.open()]);
      const talk = tookCall(await ada.create(callTo(team, grace.person)), [201], 'create');
      const answered = tookCall(await grace.command('accept', talk.id), [200], 'accept');
      tookCall(await linus.create(callTo(team, grace.person)), [201], 'a call that waits');
      const call = tookCall(await ken.create(callTo(team, grace.person)), [201], 'a call to somebody who is busy');
      same([endOf(call), stateOf(call, grace.person.id)], ['rejected/busy', 'busy'], 'what the caller is told');
      same(endOf(await readCall(grace, call.id)), 'rejected/busy', 'what the callee reads');
      same(await toldIn(graceLine, call.id), 'missed', 'the inbox of the callee');
      same(await toldIn(kenLine, call.id), 'rejected', 'the inbox of the caller');
      hold(!graceLine.told.some(isRingOf(call.id)), 'a device of somebody who is busy rang');
      await unchanged(grace, answered);
    },
  },
  {
    name: 'busy_for_the_third',
    rule: 'somebody who only rings is not busy: two calls can ring at a time',
    run: async (stage) => {
      const { team, people } = await stage.team('Ada', 'Grace', 'Linus');
      const [ada, grace, linus] = people.map((person) => person.device());
      hold(ada && grace && linus, 'three people');
      const line = await grace.open();
      for (const caller of [ada, linus]) {
        const call = tookCall(await caller.create(callTo(team, grace.person)), [201], 'create');
        same(call.status, 'ringing', 'a call to somebody who rings');
        await line.heard('the ring', isRingOf(call.id));
      }
    },
  },
  {
    name: 'inbox_read_on_all_devices',
    rule: 'an entry of the inbox that was read comes once more, read, to all devices of the person',
    run: async (stage) => {
      const { ada, grace, graceLine, call } = await ringing(stage);
      const line = await grace.person.device().open();
      tookCall(await ada.command('cancel', call.id), [200], 'cancel');
      const item = itemOf((await graceLine.heard('the missed call', ({ t }) => t === 'inbox')).item);
      same([item.seq, item.readAt], [1, null], 'number and readAt of the first entry');
      const read = await grace.ask('POST', '/api/notifications/read', { body: { ids: [item.id] } });
      took(read, [204], 'reading');
      for (const each of [graceLine, line]) {
        const again = await each.heard(
          'the entry, read',
          (m) => m.t === 'inbox' && isJson(m.item) && m.item.readAt !== null,
        );
        same([itemOf(again.item).id, itemOf(again.item).seq], [item.id, item.seq], 'id and number of the entry');
      }
    },
  },
  {
    name: 'ended_call_takes_nothing',
    rule: 'a call that has ended takes no command: call_ended, and it stays as it is',
    run: async (stage) => {
      const { ada, grace, call } = await talking(stage);
      const ended = tookCall(await ada.command('leave', call.id), [200], 'leave');
      for (const name of ['accept', 'decline', 'cancel', 'leave', 'end', 'media-connected']) {
        refused(await grace.command(name, call.id), 409, 'call_ended', `${name} after the end`);
      }
      refused(await grace.ask('POST', `/api/calls/${call.id}/token`, { body: {} }), 409, 'call_ended', 'a token');
      await unchanged(ada, ended);
    },
  },
];

async function endsBy(stage: Stage, way: Way): Promise<void> {
  const two = await (way.from === 'ringing' ? ringing(stage) : talking(stage));
  const { ada, grace, adaLine, graceLine, call } = two;
  const answer = await two[way.by].command(way.command, call.id, way.body ?? {});
  const ended = tookCall(answer, [200], way.command);
  same(endOf(ended), way.end, 'the end that the answer tells');
  same([stateOf(ended, ada.person.id), stateOf(ended, grace.person.id)], way.states, 'the states of both');
  same(ended.durationSeconds === null, way.from === 'ringing', 'that a call that never connected has no duration');
  const heard = await Promise.all(
    [adaLine, graceLine].map((line) => line.view('its end', call.id, ({ endedAt }) => endedAt !== null)),
  );
  for (const view of heard) same(view.call, heard[0]?.call, 'the call as the other side hears it');
  const read = await Promise.all([ada, grace].map((device) => readCall(device, call.id)));
  const listed = await Promise.all([ada, grace].map((device) => newestOf(two, device)));
  for (const seen of [...heard.map((view) => view.call), ...read, ...listed]) {
    same(endOf(seen), way.end, 'the end that a side is told');
  }
  await saidInChat(two, call, way.end);
  for (const [index, line] of [adaLine, graceLine].entries()) {
    const expected = way.told[index] ?? null;
    if (expected !== null) same(await toldIn(line, call.id), expected, 'the entry of the inbox');
    else {
      await line.alive();
      hold(!line.told.some(({ t }) => t === 'inbox'), 'an entry of the inbox for somebody who missed nothing');
    }
  }
}

async function newestOf({ team }: Pair, device: Pair['ada']): Promise<Call> {
  const body = took(await device.ask('GET', `/api/calls?teamId=${team.id}`), [200], 'the history');
  const [call] = itemsOf(body);
  return callOf(call);
}

/** A call of two leaves one line in their direct channel, with the same words for both. */
async function saidInChat({ team, ada, grace }: Pair, { id }: Call, end: string): Promise<void> {
  const path = `/api/teams/${team.id}/direct`;
  const channel = textOf(
    took(await ada.ask('POST', path, { body: { userId: grace.person.id } }), [200, 201], 'direct'),
    'id',
  );
  for (const device of [ada, grace]) {
    const messages = itemsOf(took(await device.ask('GET', `/api/channels/${channel}/messages`), [200], 'messages'));
    const facts = messages.flatMap(({ call }) => (isJson(call) && call.id === id ? [call] : []));
    same(
      facts.map(({ status, endReason }) => `${status}/${endReason}`),
      [end],
      'what the direct channel says of the call',
    );
  }
}

async function toldIn(line: Pair['adaLine'], callId: string): Promise<string> {
  const { item } = await line.heard(
    'an entry of the inbox',
    (m) => m.t === 'inbox' && isJson(m.item) && m.item.callId === callId,
  );
  return itemOf(item).type;
}
