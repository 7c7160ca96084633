import { randomUUID } from 'node:crypto';
import { same } from '../broken.ts';
import type { Case } from '../case.ts';
import { refused, tookCall } from '../http.ts';
import type { Line } from '../line.ts';
import type { Device, Stage, Team } from '../people.ts';
import { heardRing, readCall, readEvents, unchanged } from '../scenes.ts';
import { type Call, endOf, isJson, stateOf } from '../wire.ts';

interface Three {
  readonly team: Team;
  readonly ada: Device;
  readonly grace: Device;
  readonly linus: Device;
  readonly lines: readonly [ada: Line, grace: Line, linus: Line];
}

async function three(stage: Stage): Promise<Three> {
  const { team, people } = await stage.team('Ada', 'Grace', 'Linus');
  const [ada, grace, linus] = [people[0].device(), people[1].device(), people[2].device()];
  const lines = await Promise.all([ada.open(), grace.open(), linus.open()]);
  return { team, ada, grace, linus, lines };
}

const groupIn = ({ id, channelId }: Team, recipients: readonly Device[] = []) => ({
  teamId: id,
  channelId,
  callType: 'group_audio',
  recipientIds: recipients.map(({ person }) => person.id),
});

/** Ada begins a call in the channel, which rings nobody; the others come in. */
async function gathered(stage: Stage): Promise<Three & { readonly call: Call }> {
  const all = await three(stage);
  const call = tookCall(await all.ada.create(groupIn(all.team)), [201], 'a call in a channel');
  same([call.status, call.channelId], ['connected', all.team.channelId], 'a call that rings nobody');
  for (const device of [all.grace, all.linus]) tookCall(await device.command('accept', call.id), [200], 'accept');
  return { ...all, call };
}

const seatedOf = (call: Call, ...devices: Device[]) =>
  devices.map(({ person }) => ['connecting', 'joined'].includes(stateOf(call, person.id) ?? ''));

/** Calls of a channel: people come and go, and the last one ends them. */
export const groups: readonly Case[] = [
  {
    name: 'group_join',
    rule: 'any member of the team accepts a channel’s call and is a participant; those inside hear of it',
    run: async (stage) => {
      const { ada, grace, linus, lines, call } = await gathered(stage);
      const view = await lines[0].view(
        'all three',
        call.id,
        (now) => !seatedOf(now, ada, grace, linus).includes(false),
      );
      same(view.seats.length, 3, 'the seats');
      same(endOf(view.call), 'connected/null', 'the status');
    },
  },
  {
    name: 'group_leave',
    rule: 'who leaves is out, and the others go on',
    run: async (stage) => {
      const { ada, grace, linus, lines, call } = await gathered(stage);
      tookCall(await ada.command('leave', call.id), [200], 'leave');
      const view = await lines[1].view('the leave', call.id, (now) => stateOf(now, ada.person.id) === 'left');
      same(endOf(view.call), 'connected/null', 'the status');
      same(seatedOf(view.call, grace, linus), [true, true], 'who sits there');
    },
  },
  {
    name: 'group_ends_with_the_last',
    rule: 'a group ends with hangup when the last one leaves, and everybody who was in it hears the same',
    run: async (stage) => {
      const { ada, grace, linus, lines, call } = await gathered(stage);
      for (const device of [grace, linus]) tookCall(await device.command('leave', call.id), [200], 'leave');
      same((await readCall(ada, call.id)).status, 'connected', 'the status with one person left');
      tookCall(await ada.command('leave', call.id), [200], 'the last leave');
      for (const line of lines) {
        const view = await line.view('its end', call.id, ({ endedAt }) => endedAt !== null);
        same(endOf(view.call), 'ended/hangup', 'the end that everybody hears');
      }
      refused(await grace.command('accept', call.id), 409, 'call_ended', 'an accept after the end');
    },
  },
  {
    name: 'group_end_by_host',
    rule: 'the host alone ends a group for everyone: ended_by_host for all, not_allowed for others',
    run: async (stage) => {
      const { ada, grace, lines, call } = await gathered(stage);
      refused(await grace.command('end', call.id), 403, 'not_allowed', 'end by another than the host');
      tookCall(await ada.command('end', call.id), [200], 'end by the host');
      for (const line of lines) {
        const view = await line.view('its end', call.id, ({ endedAt }) => endedAt !== null);
        same(endOf(view.call), 'ended/ended_by_host', 'the end that everybody hears');
      }
    },
  },
  {
    name: 'group_host_passes_on',
    rule: 'when the host leaves another member can end the call',
    run: async (stage) => {
      const { ada, grace, linus, call } = await gathered(stage);
      tookCall(await ada.command('leave', call.id), [200], 'leave');
      const answers = [await grace.command('end', call.id), await linus.command('end', call.id)];
      same(answers[0]?.status, 200, 'end by the first of those who are left');
      same(endOf(await readCall(linus, call.id)), 'ended/ended_by_host', 'the end');
    },
  },
  {
    name: 'group_end_before_join',
    rule: 'who has not joined a group can neither leave nor end it, and does not come to be in it by that',
    run: async (stage) => {
      const { team, ada, grace } = await three(stage);
      const call = tookCall(await ada.create(groupIn(team)), [201], 'a call in a channel');
      for (const name of ['leave', 'end', 'cancel']) {
        const answer = await grace.command(name, call.id);
        same(answer.status, 404, `${name} of a call in which one does not sit`);
      }
      await unchanged(ada, call);
    },
  },
  {
    name: 'group_one_call_in_a_channel',
    rule: 'a create in a channel that has a call is its accept: 200, also at the same moment',
    run: async (stage) => {
      const { team, ada, grace, linus, lines } = await three(stage);
      const answers = await Promise.all([ada, grace, linus].map((device) => device.create(groupIn(team))));
      const calls = answers.map((answer) => tookCall(answer, [200, 201], 'create'));
      same(answers.map(({ status }) => status).sort(), [200, 200, 201], 'the answers');
      same(new Set(calls.map(({ id }) => id)).size, 1, 'how many calls the channel has');
      const id = calls[0]?.id ?? '';
      await lines[0].view('all three', id, (call) => !seatedOf(call, ada, grace, linus).includes(false));
    },
  },
  {
    name: 'group_ring_partly_declined',
    rule: 'a group that rings goes on while it rings for somebody: one declines, another accepts',
    run: async (stage) => {
      const { team, ada, grace, linus, lines } = await three(stage);
      const call = tookCall(await ada.create(groupIn(team, [grace, linus])), [201], 'a group that rings');
      await Promise.all([lines[1], lines[2]].map((line) => heardRing(line, call.id)));
      const declined = tookCall(await grace.command('decline', call.id), [200], 'decline');
      same([declined.status, stateOf(declined, grace.person.id)], ['ringing', 'declined'], 'after the first decline');
      tookCall(await linus.command('accept', call.id), [200], 'accept');
      const view = await lines[0].view('accepted', call.id, ({ status }) => status === 'connecting');
      same(seatedOf(view.call, ada, grace, linus), [true, false, true], 'who sits there');
    },
  },
  {
    name: 'group_ring_declined_by_all',
    rule: 'when all whom it rings have declined a group is rejected with declined',
    run: async (stage) => {
      const { team, ada, grace, linus, lines } = await three(stage);
      const call = tookCall(await ada.create(groupIn(team, [grace, linus])), [201], 'a group that rings');
      for (const device of [grace, linus]) tookCall(await device.command('decline', call.id), [200], 'decline');
      for (const line of lines) {
        const view = await line.view('its end', call.id, ({ endedAt }) => endedAt !== null);
        same(endOf(view.call), 'rejected/declined', 'the end that everybody hears');
      }
    },
  },
  {
    name: 'group_leave_repeated_after_rejoin',
    rule: 'a leave that is repeated under its key after one has come back throws nobody out',
    run: async (stage) => {
      const { grace, call } = await gathered(stage);
      const key = randomUUID();
      tookCall(await grace.command('leave', call.id, {}, key), [200], 'leave');
      const back = tookCall(await grace.command('accept', call.id), [200], 'accept again');
      same(seatedOf(back, grace), [true], 'that one sits there again');
      tookCall(await grace.command('leave', call.id, {}, key), [200], 'the leave again');
      await unchanged(grace, back);
    },
  },
  {
    name: 'group_joins_at_once',
    rule: 'accepts of several people at the same moment all count, each with a number of its own',
    run: async (stage) => {
      const { team, ada, grace, linus } = await three(stage);
      const call = tookCall(await ada.create(groupIn(team)), [201], 'a call in a channel');
      const answers = await Promise.all([grace, linus].map((device) => device.command('accept', call.id)));
      for (const answer of answers) tookCall(answer, [200], 'accept');
      const events = await readEvents(ada, call.id);
      same(
        events.map(({ seq, type }) => [seq, type]),
        [
          [1, 'created'],
          [2, 'accepted'],
          [3, 'accepted'],
        ],
        'the events of the call',
      );
    },
  },
  {
    name: 'group_told_in_its_channel',
    rule: 'who listens to a channel hears of the call that runs there, and that there is none any more',
    run: async (stage) => {
      const { team, ada, lines } = await three(stage);
      const line = lines[2];
      const topic = `channel:${team.channelId}`;
      line.say({ t: 'subscribe', topic });
      const told = (what: string, id: string | null, since: number) =>
        line.heard(what, (m) => m.t === 'channel_call' && (isJson(m.call) ? m.call.id : null) === id, { since });
      await told('that no call runs', null, 0);
      const call = tookCall(await ada.create(groupIn(team)), [201], 'a call in a channel');
      await told('the call', call.id, 0);
      const since = line.mark;
      tookCall(await ada.command('leave', call.id), [200], 'leave');
      await told('that no call runs any more', null, since);
    },
  },
  {
    name: 'group_stranger',
    rule: 'a channel’s call does not exist for somebody of another team',
    run: async (stage) => {
      const { team, ada } = await three(stage);
      const call = tookCall(await ada.create(groupIn(team)), [201], 'a call in a channel');
      const { people } = await stage.team('Mallory');
      const mallory = people[0].device();
      refused(await mallory.command('accept', call.id), 404, 'not_found', 'accept of a stranger');
      refused(await mallory.create(groupIn(team)), 404, 'not_found', 'create of a stranger');
      await unchanged(ada, call);
    },
  },
];
