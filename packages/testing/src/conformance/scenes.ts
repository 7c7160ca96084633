import { hold, same } from './broken.ts';
import { took, tookCall } from './http.ts';
import type { Line, Told } from './line.ts';
import type { Device, Person, Stage, Team } from './people.ts';
import {
  type Call,
  type CallEvent,
  codeOf,
  eventsOf,
  isJson,
  type Ring,
  ringOf,
  stateOf,
  type View,
  viewOf,
} from './wire.ts';

/** Two people of one team, each with a device that is connected. */
export interface Pair {
  readonly team: Team;
  readonly ada: Device;
  readonly grace: Device;
  readonly adaLine: Line;
  readonly graceLine: Line;
}

export async function pair(stage: Stage): Promise<Pair> {
  const { team, people } = await stage.team('Ada', 'Grace');
  const [ada, grace] = [people[0].device(), people[1].device()];
  const [adaLine, graceLine] = await Promise.all([ada.open(), grace.open()]);
  return { team, ada, grace, adaLine, graceLine };
}

/** The body of a create: an audio call of two, unless something else is said. */
export const callTo = (team: Team, person: Person, callType = 'audio') => ({
  teamId: team.id,
  channelId: null,
  callType,
  recipientIds: [person.id],
});

export const isRingOf = (callId: string) => (message: Told) =>
  message.t === 'ring' && isJson(message.ring) && message.ring.callId === callId;

export async function heardRing(line: Line, callId: string): Promise<Ring> {
  return ringOf((await line.heard('the ring', isRingOf(callId))).ring);
}

/** Ada calls Grace, whose device rings. */
export async function ringing(stage: Stage): Promise<Pair & { readonly call: Call; readonly ring: Ring }> {
  const two = await pair(stage);
  return { ...two, ...(await ringAgain(two)) };
}

export async function ringAgain({ team, ada, grace, graceLine }: Pair): Promise<{ call: Call; ring: Ring }> {
  const call = tookCall(await ada.create(callTo(team, grace.person)), [201], 'create');
  same([call.status, stateOf(call, grace.person.id)], ['ringing', 'ringing'], 'a new call');
  return { call, ring: await heardRing(graceLine, call.id) };
}

/** Ada has called Grace, both devices have media, and both have heard so. */
export async function talking(stage: Stage): Promise<Pair & { readonly call: Call }> {
  const two = await ringing(stage);
  return { ...two, call: await connect(two, two.call.id) };
}

/** Grace accepts, both report media. @returns the connected call */
export async function connect({ ada, grace, adaLine, graceLine }: Pair, callId: string): Promise<Call> {
  tookCall(await grace.command('accept', callId), [200], 'accept');
  tookCall(await ada.command('media-connected', callId), [200], 'media-connected');
  tookCall(await grace.command('media-connected', callId), [200], 'media-connected');
  const views = await Promise.all(
    [adaLine, graceLine].map((line) => line.view('connected', callId, ({ status }) => status === 'connected')),
  );
  const [view] = views;
  hold(view?.call.connectedAt, 'a connected call has connectedAt');
  return view.call;
}

export async function readCall(who: Device | Person, callId: string): Promise<Call> {
  return tookCall(await who.ask('GET', `/api/calls/${callId}`), [200], 'GET of the call');
}

export async function readEvents(who: Device | Person, callId: string, after?: number): Promise<CallEvent[]> {
  const query = after === undefined ? '' : `?after=${after}`;
  const body = took(await who.ask('GET', `/api/calls/${callId}/events${query}`), [200], 'GET of the events');
  return eventsOf(isJson(body) ? body.items : body);
}

/** Nothing has happened to the call. */
export async function unchanged(who: Device | Person, { id, version, status }: Call): Promise<void> {
  const now = await readCall(who, id);
  same([now.version, now.status], [version, status], 'version and status of a call to which nothing happened');
}

/** The view of an ack. */
export function acked(answer: Told, statuses: readonly number[], what: string): View {
  hold(answer.t === 'ack', `${what}: expected an ack, got ${answer.t === 'error' ? codeOf(answer.problem) : answer.t}`);
  hold(statuses.includes(Number(answer.status)), `${what}: expected ${statuses.join(' or ')}, got ${answer.status}`);
  return viewOf(answer.view);
}

/** The code of a command's refusal on the socket. */
export function nacked(answer: Told, code: string, what: string): void {
  same(answer.t === 'error' ? codeOf(answer.problem) : answer.t, code, what);
}

/** Sequence numbers that follow each other without a gap or a double, from `first` on. */
export function gapless(events: readonly CallEvent[], first: number, last: number, what: string): void {
  same(
    events.map(({ seq }) => seq),
    Array.from({ length: last - first + 1 }, (_, i) => first + i),
    what,
  );
}
