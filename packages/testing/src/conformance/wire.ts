/*
 * The shapes of the contract, as far as the cases look at them: what it names must be there; more may be. They are written here a
 * second time on purpose: a list that took the schemas of the server would find right whatever they say.
 */
import { Broken, shown } from './broken.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface Participant {
  readonly userId: string;
  readonly state: string;
  readonly joinedAt: string | null;
  readonly leftAt: string | null;
}

export interface Call {
  readonly id: string;
  readonly teamId: string;
  readonly channelId: string | null;
  readonly callType: string;
  readonly status: string;
  readonly endReason: string | null;
  readonly initiatorId: string;
  readonly mediaEpoch: number;
  readonly createdAt: string;
  readonly connectedAt: string | null;
  readonly endedAt: string | null;
  readonly durationSeconds: number | null;
  readonly version: number;
  readonly participants: readonly Participant[];
}

export interface Seat {
  readonly userId: string;
  readonly deviceId: string;
  readonly instanceId: string;
}

export interface View {
  readonly call: Call;
  readonly ringExpiresAt: string | null;
  readonly seats: readonly Seat[];
}

export interface CallEvent {
  readonly seq: number;
  readonly type: string;
  readonly actorId: string | null;
  readonly deviceId: string | null;
  readonly at: string;
  readonly data: Json;
}

export interface Ring {
  readonly callId: string;
  readonly ringId: string;
  readonly callType: string;
  readonly expiresAt: string;
}

export interface InboxItem {
  readonly id: string;
  readonly seq: number;
  readonly callId: string;
  readonly type: string;
  readonly readAt: string | null;
}

export interface Welcome {
  readonly serverTime: string;
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  readonly calls: readonly View[];
  readonly ended: readonly View[];
  readonly rings: readonly Ring[];
  readonly inbox: { readonly seq: number; readonly items: readonly InboxItem[] };
}

type Kind = 'text' | 'number' | 'time' | 'list' | 'object' | 'boolean';
/** A kind with a question mark may be null. */
type Shape = Readonly<Record<string, Kind | `${Kind}?`>>;

/** RFC 3339 in UTC. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

const FITS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  time: (value) => typeof value === 'string' && TIME.test(value),
  list: Array.isArray,
  object: (value) => isJson(value),
  boolean: (value) => typeof value === 'boolean',
};

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function shaped(value: unknown, name: string, shape: Shape): Json {
  if (!isJson(value)) throw new Broken(`${name} is not an object: ${shown(value)}`);
  for (const [field, kind] of Object.entries(shape)) {
    const nullable = kind.endsWith('?');
    const base = (nullable ? kind.slice(0, -1) : kind) as Kind;
    const found = value[field];
    if (found === undefined) throw new Broken(`${name} has no ${field}: ${shown(value)}`);
    if (!(nullable && found === null) && !FITS[base](found)) {
      throw new Broken(`${name}.${field} is no ${base}: ${shown(found)}`);
    }
  }
  return value;
}

const listOf = <T>(value: unknown, name: string, read: (item: unknown) => T): T[] => {
  if (!Array.isArray(value)) throw new Broken(`${name} is no list: ${shown(value)}`);
  return value.map(read);
};

const PARTICIPANT: Shape = {
  userId: 'text',
  displayName: 'text',
  state: 'text',
  joinedAt: 'time?',
  leftAt: 'time?',
  isMuted: 'boolean',
  videoEnabled: 'boolean',
};
const CALL: Shape = {
  id: 'text',
  teamId: 'text',
  channelId: 'text?',
  callType: 'text',
  status: 'text',
  endReason: 'text?',
  initiatorId: 'text',
  roomName: 'text',
  mediaEngine: 'text',
  mediaEpoch: 'number',
  createdAt: 'time',
  connectedAt: 'time?',
  endedAt: 'time?',
  durationSeconds: 'number?',
  version: 'number',
  participants: 'list',
};
const EVENT: Shape = { seq: 'number', type: 'text', actorId: 'text?', deviceId: 'text?', at: 'time', data: 'object' };
const RING: Shape = {
  callId: 'text',
  ringId: 'text',
  callType: 'text',
  caller: 'object',
  team: 'object',
  expiresAt: 'time',
};
const WELCOME: Shape = {
  user: 'object',
  serverTime: 'time',
  heartbeatMs: 'number',
  leaseMs: 'number',
  calls: 'list',
  ended: 'list',
  rings: 'list',
  inbox: 'object',
};

export function callOf(value: unknown): Call {
  const call = shaped(value, 'Call', CALL);
  listOf(call.participants, 'Call.participants', (item) => shaped(item, 'participant', PARTICIPANT));
  return call as unknown as Call;
}

export function viewOf(value: unknown): View {
  const view = shaped(value, 'view', { call: 'object', ringExpiresAt: 'time?', seats: 'list' });
  callOf(view.call);
  return view as unknown as View;
}

const eventOf = (value: unknown): CallEvent => shaped(value, 'event', EVENT) as unknown as CallEvent;
export const eventsOf = (value: unknown): CallEvent[] => listOf(value, 'events', eventOf);
export const ringOf = (value: unknown): Ring => shaped(value, 'ring', RING) as unknown as Ring;
export const itemOf = (value: unknown): InboxItem =>
  shaped(value, 'notification', {
    id: 'text',
    seq: 'number',
    callId: 'text',
    type: 'text',
    readAt: 'time?',
  }) as unknown as InboxItem;

export function welcomeOf(value: unknown): Welcome {
  const welcome = shaped(value, 'welcome', WELCOME);
  listOf(welcome.calls, 'welcome.calls', viewOf);
  listOf(welcome.ended, 'welcome.ended', viewOf);
  listOf(welcome.rings, 'welcome.rings', ringOf);
  const inbox = shaped(welcome.inbox, 'welcome.inbox', { seq: 'number', items: 'list' });
  listOf(inbox.items, 'welcome.inbox.items', itemOf);
  return welcome as unknown as Welcome;
}

/** The stable code of a problem document, wherever it came. */
export function codeOf(value: unknown): string {
  const { code } = shaped(value, 'problem', { title: 'text', status: 'number', code: 'text' });
  return String(code);
}

/** A text field of an answer. */
export function textOf(value: unknown, field: string): string {
  return String(shaped(value, 'answer', { [field]: 'text' })[field]);
}

export function itemsOf(value: unknown): Json[] {
  const { items } = shaped(value, 'list', { items: 'list' });
  return listOf(items, 'items', (item) => shaped(item, 'item', {}));
}

/** What both sides must agree on, word for word. */
export const endOf = ({ status, endReason }: Call): string => `${status}/${endReason}`;
export const stateOf = (call: Call, userId: string): string | undefined =>
  call.participants.find((person) => person.userId === userId)?.state;
