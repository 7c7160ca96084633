import { randomUUID } from 'node:crypto';
import type { ClientMessage, ServerMessage } from '@parley/protocol';
import type { MemorySocket } from '../support/memory-socket.ts';
import { NOTHING, type PersonKind } from '../support/permission-tables.ts';
import { isSignedIn, type Pair, type SignedIn, type World } from '../support/permission-world.ts';

/** What a socket of this kind of person gets; `closed 4001` in short for whoever cannot say who they are. */
export type SocketProbe = (w: World, kind: PersonKind, socketOf: SocketOf) => Promise<string>;
/** The open socket of a person, the same in every case. */
export type SocketOf = (kind: SignedIn) => Promise<MemorySocket>;

const refused = async (w: World, kind: PersonKind): Promise<string> => {
  const socket = w.socket();
  if (kind === 'service') socket.say(w.hello('service'));
  else socket.say({ t: 'subscribe', topic: `team:${w.acme.id}` });
  return String((await socket.whenClosed()).code);
};

/** Says something, and reads the first answer to it. */
async function exchange(
  socket: MemorySocket,
  message: ClientMessage,
  fits: (answer: ServerMessage) => boolean,
): Promise<string> {
  const before = socket.received.length;
  socket.say(message);
  const answer = await socket.find((found) => socket.received.indexOf(found) >= before && fits(found));
  return answer.t === 'error' ? answer.problem.code : answer.t;
}

const asked =
  (message: (w: World, kind: SignedIn) => ClientMessage | null): SocketProbe =>
  async (w, kind, socketOf) => {
    if (!isSignedIn(kind)) return refused(w, kind);
    const said = message(w, kind);
    if (said === null) return NOTHING;
    const about = refOf(said);
    return exchange(await socketOf(kind), said, (answer) =>
      answer.t === 'error'
        ? answer.ref === about
        : (answer.t === 'subscribed' && answer.topic === about) ||
          (answer.t === 'call' && said.t === 'resume' && answer.view.call.id === about) ||
          (answer.t === 'ack' && answer.id === about),
    );
  };

function refOf(message: ClientMessage): string | null {
  if (message.t === 'subscribe') return message.topic;
  if (message.t === 'command') return message.id;
  return 'callId' in message ? (message.callId ?? null) : null;
}

const subscribe = (kind: 'team' | 'channel' | 'call', id: (w: World, person: SignedIn) => string | null) =>
  asked((w, person) => {
    const found = id(w, person);
    return found === null ? null : { t: 'subscribe', topic: `${kind}:${found}` };
  });
const resume = (id: (w: World, kind: SignedIn) => string | null) =>
  asked((w, kind) => {
    const callId = id(w, kind);
    return callId === null ? null : { t: 'resume', callId, after: 0 };
  });
const reaction = (callId: string): ClientMessage => ({ t: 'reaction', callId, emoji: '👍' });
const relay = (callId: string, to: string): ClientMessage => ({
  t: 'relay',
  callId,
  to,
  epoch: 1,
  generation: 0,
  payload: 'hello',
});

/** Something in a call of one's own that the other side, or one's own socket, has to hear. */
const heard =
  (
    role: 'caller' | 'called',
    stage: 'ringing' | 'running',
    run: (w: World, pair: Pair, own: MemorySocket, other: MemorySocket) => Promise<void>,
  ): SocketProbe =>
  async (w, kind, socketOf) => {
    if (!isSignedIn(kind)) return refused(w, kind);
    const own = await socketOf(kind);
    const answer = await w.withCall(kind, role, stage, async (pair) => {
      const other = await w.join(pair.other);
      await run(w, pair, own, other);
      other.cut();
      return 'heard';
    });
    return answer ?? NOTHING;
  };

const ringOf = async (socket: MemorySocket, callId: string) => {
  const found = await socket.find((message) => message.t === 'ring' && message.ring.callId === callId);
  return found.t === 'ring' ? found.ring.ringId : '';
};

export const SOCKET_PROBES: ReadonlyMap<string, SocketProbe> = new Map<string, SocketProbe>([
  [
    'hello',
    async (w, kind) => {
      if (!isSignedIn(kind)) return refused(w, kind);
      const socket = await w.join({ ...w.people[kind], instanceId: randomUUID() });
      const welcome = await socket.find((message) => message.t === 'welcome');
      socket.cut();
      return welcome.t;
    },
  ],
  ['team', subscribe('team', (w) => w.acme.id)],
  ['channel', subscribe('channel', (w) => w.acme.channelId)],
  ['direct', subscribe('channel', (w, kind) => w.direct[kind])],
  ['direct-others', subscribe('channel', (w) => w.othersDirect)],
  ['call', subscribe('call', (w, kind) => w.over[kind])],
  ['call-others', subscribe('call', (w) => w.othersCall)],
  ['call-group', subscribe('call', (w) => w.channelGroup)],
  ['call-own-group', subscribe('call', (w, kind) => (kind === 'outsider' || kind === 'guest' ? null : w.ownGroup))],
  ['resume', resume((w, kind) => w.over[kind])],
  ['resume-others', resume((w) => w.othersCall)],
  ['resume-group', resume((w) => w.channelGroup)],
  [
    'command-others',
    asked((w) => ({ t: 'command', id: randomUUID(), name: 'cancel', callId: w.othersCall, body: {} })),
  ],
  [
    'ready',
    heard('called', 'ringing', async (_w, { callId, self }, own, other) => {
      own.say({ t: 'ready', callId, ringId: await ringOf(own, callId) });
      await other.find((m) => m.t === 'ready' && m.callId === callId && m.from.userId === self.id);
    }),
  ],
  [
    'ready-others',
    async (w, kind, socketOf) => {
      const [ring] = await w.db.once<{ id: string }>(
        'select ring_id as id from public.call_rings where call_session_id = $1',
        [w.othersCall],
      );
      const ringId = ring?.id ?? '';
      return asked(() => ({ t: 'ready', callId: w.othersCall, ringId }))(w, kind, socketOf);
    },
  ],
  [
    'relay',
    heard('caller', 'running', async (_w, { callId, self, other: to }, own, other) => {
      own.say(relay(callId, to.instanceId));
      await other.find((m) => m.t === 'relay' && m.callId === callId && m.from.userId === self.id);
    }),
  ],
  [
    'relay-over',
    asked((w, kind) => {
      const callId = w.over[kind];
      return callId === null ? null : relay(callId, w.lin.instanceId);
    }),
  ],
  ['relay-others', asked((w) => relay(w.othersCall, w.lin.instanceId))],
  [
    'reaction',
    heard('caller', 'running', async (_w, { callId, self }, own, other) => {
      own.say(reaction(callId));
      await other.find((m) => m.t === 'reaction' && m.callId === callId && m.userId === self.id);
    }),
  ],
  ['reaction-others', asked((w) => reaction(w.othersCall))],
  ['reaction-group', asked((w) => reaction(w.liveGroup))],
  ['relay-group', asked((w) => relay(w.liveGroup, w.lin.instanceId))],
  [
    'push-call',
    heard('called', 'ringing', async (_w, { callId }, own) => {
      await own.find((m) => m.t === 'call' && m.view.call.id === callId);
    }),
  ],
  ['push-ring', heard('called', 'ringing', async (_w, { callId }, own) => void (await ringOf(own, callId)))],
  ['push-others', pushOfOthers],
]);

/** Two others call and write to each other; whoever has subscribed to nothing hears nothing of it. */
async function pushOfOthers(w: World, kind: PersonKind): Promise<string> {
  if (!isSignedIn(kind)) return refused(w, kind);
  const self = w.people[kind];
  const socket = await w.join({ ...self, instanceId: randomUUID() });
  const before = socket.received.length;
  const [one, other] = [(await w.colleague()).person, (await w.colleague()).person];
  const theirs = await w.join(other);
  const call = await w.must<{ id: string }>(one, 'POST', '/api/calls', {
    teamId: w.acme.id,
    channelId: w.acme.channelId,
    callType: 'audio',
    recipientIds: [other.id],
  });
  await w.must(one, 'POST', `/api/channels/${w.acme.channelId}/messages`, { content: 'hello' });
  await w.must(one, 'POST', `/api/calls/${call.id}/cancel`, {});
  // They have heard of all of it: whatever came to anybody has come.
  await theirs.find((message) => message.t === 'inbox' && message.item.callId === call.id);
  // The heartbeat comes to every socket in its own time, and tells nothing of anybody.
  const came = socket.received.slice(before).flatMap(({ t }) => (t === 'ping' ? [] : [t]));
  for (const one of [socket, theirs]) one.cut();
  return came.length === 0 ? NOTHING : came.join();
}
