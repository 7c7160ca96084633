import { randomUUID } from 'node:crypto';
import { hold, same } from '../broken.ts';
import type { Case } from '../case.ts';
import { refused, took, tookCall } from '../http.ts';
import type { Device, Stage } from '../people.ts';
import { callTo, nacked, type Pair, readCall, ringing, talking, unchanged } from '../scenes.ts';
import type { Call } from '../wire.ts';

/** Commands upon a call, with bodies that fit. */
const commandsFor = (userId: string): readonly (readonly [string, object])[] => [
  ['accept', {}],
  ['decline', {}],
  ['cancel', {}],
  ['leave', {}],
  ['end', {}],
  ['media-connected', {}],
  ['media-state', { isMuted: true, videoEnabled: false }],
  ['media-plan', { reason: 'no_direct_path', epoch: 1 }],
  ['invite', { userIds: [userId] }],
  ['remove', { userId }],
  ['mute', { userId }],
  ['lock', { locked: true }],
  ['host', { userId }],
  ['hand', { raised: true }],
];

/** Whom a call does not concern: to them it does not exist. */
export const strangers: readonly Case[] = [
  {
    name: 'stranger_reads_nothing',
    rule: 'for somebody of another team call, events, people, token, chat and lists do not exist: 404 not_found, unknown_topic',
    run: async (stage) => {
      const two = await talking(stage);
      await readsNothing(two, two.call, await strangerOf(stage));
    },
  },
  {
    name: 'stranger_does_nothing',
    rule: 'every command of a stranger upon a call is not_found, by request and by socket, and nothing happens',
    run: async (stage) => {
      const { ada, grace, call } = await ringing(stage);
      await doesNothing(call, await strangerOf(stage), grace.person.id);
      await unchanged(ada, call);
    },
  },
  {
    name: 'stranger_calls_nobody',
    rule: 'nobody can be called from outside their team, nor can a team be named that is not one’s own',
    run: async (stage) => {
      const { team, grace, graceLine } = await ringing(stage);
      const { team: own, people } = await stage.team('Mallory');
      const mallory = people[0].device();
      refused(await mallory.create(callTo(team, grace.person)), 404, 'not_found', 'a call in another team');
      const code = 'recipient_not_in_team';
      refused(await mallory.create(callTo(own, grace.person)), 422, code, 'a call to somebody of another team');
      await graceLine.alive();
      same(graceLine.told.filter(({ t }) => t === 'ring').length, 1, 'how many rings came');
    },
  },
  {
    name: 'stranger_says_nothing',
    rule: 'a stranger’s messages between devices and ready reach nobody',
    run: async (stage) => {
      const { grace, adaLine, graceLine, call, ring } = await ringing(stage);
      const line = await (await strangerOf(stage)).open();
      line.say({ t: 'ready', callId: call.id, ringId: ring.ringId });
      same(await line.error(call.id), 'ring_unknown', 'ready of a stranger');
      const since = line.mark;
      const { mediaEpoch: epoch } = call;
      line.say({ t: 'relay', callId: call.id, to: grace.instanceId, epoch, generation: 0, payload: 'psst' });
      same(await line.error(call.id, since), 'peer_not_in_call', 'a message of a stranger');
      await Promise.all([adaLine.alive(), graceLine.alive()]);
      for (const each of [adaLine, graceLine]) {
        hold(!each.told.some(({ t }) => t === 'relay' || t === 'ready'), 'a stranger was heard');
      }
    },
  },
  {
    name: 'stranger_takes_no_instance',
    rule: 'naming somebody else’s device and instance takes nothing away from them',
    run: async (stage) => {
      const { ada, grace, graceLine, call } = await talking(stage);
      const stranger = await strangerOf(stage);
      const line = await stage.connect();
      const { deviceId, instanceId } = grace;
      line.hello({ token: stranger.person.token, deviceId, instanceId });
      const first = await line.heard('an answer to hello', ({ t }) => t !== 'ping');
      if (first.t === 'welcome') same((await line.welcomed()).calls, [], 'the calls of the stranger');
      await graceLine.alive();
      same((await readCall(ada, call.id)).version, call.version, 'the version of the call');
    },
  },
  {
    name: 'colleague_reads_nothing_of_two',
    rule: 'a call of two is theirs alone: for others of their team it does not exist either',
    run: async (stage) => {
      const { team, people } = await stage.team('Ada', 'Grace', 'Linus');
      const [ada, grace, linus] = people.map((person) => person.device());
      hold(ada && grace && linus, 'three people');
      const call = tookCall(await ada.create(callTo(team, grace.person)), [201], 'create');
      refused(await linus.ask('GET', `/api/calls/${call.id}`), 404, 'not_found', 'the call');
      refused(await linus.ask('GET', `/api/calls/${call.id}/events`), 404, 'not_found', 'its events');
      const history = took(await linus.ask('GET', `/api/calls?teamId=${team.id}`), [200], 'the history');
      hold(!JSON.stringify(history).includes(call.id), 'the history of a colleague has the call');
      await doesNothing(call, linus, grace.person.id);
      await unchanged(ada, call);
    },
  },
];

async function strangerOf(stage: Stage): Promise<Device> {
  const { people } = await stage.team('Mallory');
  return people[0].device();
}

async function readsNothing({ team, ada }: Pair, call: Call, stranger: Device): Promise<void> {
  const paths = [
    `/api/calls/${call.id}`,
    `/api/calls/${call.id}/events`,
    `/api/calls/${call.id}/participants`,
    `/api/calls/${call.id}/messages`,
    `/api/calls?teamId=${team.id}`,
    `/api/teams/${team.id}/members`,
    `/api/teams/${team.id}/channels`,
    `/api/channels/${team.channelId}/messages`,
    `/api/channels/${team.channelId}/call`,
  ];
  for (const path of paths) refused(await stranger.ask('GET', path), 404, 'not_found', `GET ${path} of a stranger`);
  const token = await stranger.ask('POST', `/api/calls/${call.id}/token`, { body: {} });
  refused(token, 404, 'not_found', 'a token for a stranger');
  const own = took(await stranger.ask('GET', '/api/calls'), [200], 'the history of a stranger');
  hold(!JSON.stringify(own).includes(call.id), 'the history of a stranger has the call');
  const line = await stranger.open();
  for (const topic of [`call:${call.id}`, `team:${team.id}`, `channel:${team.channelId}`]) {
    line.say({ t: 'subscribe', topic });
    same(await line.error(topic), 'unknown_topic', `subscribe to ${topic}`);
  }
  line.say({ t: 'resume', callId: call.id, after: 0 });
  same(await line.error(call.id), 'not_found', 'resume of a stranger');
  // What would be published to those who listen.
  tookCall(await ada.command('leave', call.id), [200], 'leave');
  await line.alive();
  hold(
    !line.told.some((message) => message.t !== 'error' && JSON.stringify(message).includes(call.id)),
    'a stranger heard of the call',
  );
}

async function doesNothing(call: Call, stranger: Device, userId: string): Promise<void> {
  for (const [name, body] of commandsFor(userId)) {
    refused(await stranger.command(name, call.id, body), 404, 'not_found', `${name} of a stranger`);
  }
  const line = await stranger.open();
  for (const [name, body] of commandsFor(userId)) {
    nacked(await line.command(name, call.id, body, randomUUID()), 'not_found', `${name} of a stranger on the socket`);
  }
}
