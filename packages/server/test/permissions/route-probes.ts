import { bodyOf } from '../support/bodies.ts';
import { NOTHING, type PersonKind } from '../support/permission-tables.ts';
import { isSignedIn, type SignedIn, type World } from '../support/permission-world.ts';
import { jpegOf } from '../support/pictures.ts';

/** Asks for what a line of docs/permissions.md is about, in the name of this kind of person; the answer's status. */
export type Probe = (w: World, kind: PersonKind) => Promise<string>;

/** One request; `path` is null where the person has no such thing. */
const request =
  (
    method: string,
    path: (w: World, kind: SignedIn) => string | null | Promise<string | null>,
    body?: (w: World, kind: SignedIn) => unknown,
    after?: (w: World, kind: PersonKind) => Promise<void>,
  ): Probe =>
  async (w, kind) => {
    // Whoever cannot say who they are asks for the member's things.
    const whose = isSignedIn(kind) ? kind : 'member';
    const address = await path(w, whose);
    if (address === null) return NOTHING;
    const { status } = await w.askAs(kind, method, address, await body?.(w, whose));
    await after?.(w, kind);
    return String(status);
  };

const get = (path: (w: World, kind: SignedIn) => string | null) => request('GET', path);
const to = (path: string | null, rest: string) => (path === null ? null : `${path}${rest}`);

/** A command upon a call of one's own that lives only as long as the case. */
const ownCall =
  (name: string, role: 'caller' | 'called'): Probe =>
  async (w, kind) => {
    const path = (callId: string) => `/api/calls/${callId}/${name}`;
    if (!isSignedIn(kind)) {
      return String((await w.askAs(kind, 'POST', path(w.othersCall), bodyOf(name, w.lin.id))).status);
    }
    const answer = await w.withCall(kind, role, 'ringing', ({ callId }) =>
      w.askAs(kind, 'POST', path(callId), bodyOf(name, w.people[kind].id)),
    );
    return answer === null ? NOTHING : String(answer.status);
  };

const command = (name: string, call: (w: World, kind: SignedIn) => string | null) =>
  request(
    'POST',
    (w, kind) => to(call(w, kind), `/${name}`),
    (w, kind) => bodyOf(name, w.people[kind].id),
  );
const callPath = (callId: string | null) => (callId === null ? null : `/api/calls/${callId}`);

/** Reading a call, by each kind of call. */
const reads = (id: string, rest: string): [string, Probe][] => [
  [id, get((w, kind) => to(callPath(w.over[kind]), rest))],
  [`${id}-others`, get((w) => to(callPath(w.othersCall), rest))],
  [`${id}-group`, get((w) => to(callPath(w.channelGroup), rest))],
  [`${id}-own-group`, get((w, kind) => to(callPath(wasInAcme(kind) ? w.ownGroup : null), rest))],
  [`${id}-others-group`, get((w) => to(callPath(w.othersGroup), rest))],
];
/** Those who were in Acme at some time. */
const wasInAcme = (kind: SignedIn) => kind === 'member' || kind === 'owner' || kind === 'former';

/** A group of its own, and out again: whoever has come in is no stranger to the next question, and busy. */
const joinGroup: Probe = async (w, kind) => {
  const path = `/api/calls/${await w.groupElsewhere()}`;
  const { status } = await w.askAs(kind, 'POST', `${path}/accept`, {});
  if (status === 200) await w.askAs(kind, 'POST', `${path}/leave`, {});
  return String(status);
};

const commands = (name: string): [string, Probe][] => [
  [name, ownCall(name, 'called')],
  [`${name}-own`, ownCall(name, 'caller')],
  [`${name}-over`, command(name, (w, kind) => callPath(w.over[kind]))],
  [`${name}-others`, command(name, (w) => callPath(w.othersCall))],
  [`${name}-group`, name === 'accept' ? joinGroup : command(name, (w) => callPath(w.liveGroup))],
];

/** Of a call in which one sits, that lives only as long as the case. */
const inOwnCall =
  (method: string, rest: string, body?: unknown): Probe =>
  async (w, kind) => {
    const ask = (callId: string) => w.askAs(kind, method, `/api/calls/${callId}${rest}`, body);
    if (!isSignedIn(kind)) return String((await ask(w.othersCall)).status);
    const answer = await w.withCall(kind, 'caller', 'ringing', ({ callId }) => ask(callId));
    return answer === null ? NOTHING : String(answer.status);
  };
const write = (call: (w: World, kind: SignedIn) => string | null) =>
  request(
    'POST',
    (w, kind) => to(call(w, kind), '/messages'),
    () => ({ content: 'hello' }),
  );

/** A call that is ended as soon as it was made. */
const newCall =
  (body: (w: World) => unknown): Probe =>
  async (w, kind) => {
    const answer = await w.askAs<{ id: string }>(kind, 'POST', '/api/calls', await body(w));
    if (answer.status === 201) await w.askAs(kind, 'POST', `/api/calls/${answer.body.id}/cancel`, {});
    return String(answer.status);
  };
const callBody = (w: World, recipientId: string, channelId: string | null = null) => ({
  teamId: w.acme.id,
  channelId,
  callType: 'audio',
  recipientIds: [recipientId],
});

const restore = (w: World) => w.restoreTeam();
const accept = (link: (w: World) => string) =>
  request(
    'POST',
    (w) => `/api/invitations/${link(w)}/accept`,
    () => ({}),
    restore,
  );
const messages = (id: string, method: 'GET' | 'POST'): [string, Probe][] => {
  const body = method === 'GET' ? undefined : () => ({ content: 'hello' });
  const channel = (channelId: string | null) => (channelId === null ? null : `/api/channels/${channelId}/messages`);
  return [
    [id, request(method, (w) => channel(w.acme.channelId), body)],
    [`${id}-direct`, request(method, (w, kind) => channel(w.direct[kind]), body)],
    [`${id}-others`, request(method, (w) => channel(w.othersDirect), body)],
  ];
};
const acme = (rest: string) => (w: World) => `/api/teams/${w.acme.id}${rest}`;

export const ROUTE_PROBES: ReadonlyMap<string, Probe> = new Map<string, Probe>([
  ['me', get(() => '/api/me')],
  ['settings', get(() => '/api/me/settings')],
  ['ice-servers', get(() => '/api/me/ice-servers')],
  [
    'settings-change',
    request(
      'PATCH',
      () => '/api/me/settings',
      () => ({ doNotDisturbUntil: null }),
    ),
  ],
  ['picture-put', (w, kind) => putPicture(w, kind)],
  ['picture-remove', request('DELETE', () => '/api/me/picture')],
  ['picture', request('GET', (w) => pictureOf(w, w.lin))],
  ['picture-stranger', request('GET', (w) => pictureOf(w, w.zoe))],
  ['teams', get(() => '/api/teams')],
  [
    'team-make',
    request(
      'POST',
      () => '/api/teams',
      () => ({ name: 'Another' }),
    ),
  ],
  ['members', get(acme('/members'))],
  ['team-leave', request('DELETE', (w, kind) => acme(`/members/${w.people[kind].id}`)(w), undefined, restore)],
  ['team-remove', request('DELETE', async (w) => acme(`/members/${(await w.colleague()).person.id}`)(w))],
  ['channels', get(acme('/channels'))],
  ['channel-make', request('POST', acme('/channels'), () => ({ name: 'another' }))],
  ['invite', request('POST', acme('/invitations'), () => ({}))],
  ['invitations', get(acme('/invitations'))],
  ['direct', request('POST', acme('/direct'), async (w) => ({ userId: (await w.colleague()).person.id }))],
  ['direct-stranger', request('POST', acme('/direct'), (w) => ({ userId: w.zoe.id }))],
  ['invitation-preview', get((w) => `/api/invitations/${w.goodLink}`)],
  ['invitation-preview-over', get((w) => `/api/invitations/${w.formersLink}`)],
  ['invitation-preview-none', get(() => '/api/invitations/nonsense')],
  ['invitation', accept((w) => w.goodLink)],
  ['invitation-older', accept((w) => w.olderLink)],
  ['invitation-revoked', accept((w) => w.formersLink)],
  [
    'invitation-end',
    request('DELETE', async (w, kind) => (wasInAcme(kind) ? `/api/invitations/${await linkOf(w, kind)}` : null)),
  ],
  [
    'invitation-end-others',
    request('DELETE', async (w) => `/api/invitations/${await w.invite((await w.colleague()).person)}`),
  ],
  ...messages('messages', 'GET'),
  ['channel-call', get((w) => `/api/channels/${w.acme.channelId}/call`)],
  ['channel-call-others', get((w) => `/api/channels/${w.othersDirect}/call`)],
  ...messages('write', 'POST'),
  ['call', newCall(async (w) => callBody(w, (await w.colleague()).person.id))],
  ['call-stranger', newCall((w) => callBody(w, w.zoe.id))],
  ['call-others-direct', newCall((w) => callBody(w, w.ken.id, w.othersDirect))],
  ['calls', get((w) => `/api/calls?teamId=${w.acme.id}`)],
  ['calls-all', get(() => '/api/calls')],
  ...reads('call-read', ''),
  ...reads('call-events', '/events'),
  ...[
    'accept',
    'decline',
    'cancel',
    'leave',
    'end',
    'media-connected',
    'media-state',
    'metrics',
    'media-plan',
    'invite',
    'remove',
    'mute',
    'lock',
    'host',
    'hand',
    'hold',
    'move',
  ].flatMap((name) =>
    commands(name).map(([id, probe]): [string, Probe] => [
      name === 'metrics' || name === 'invite' ? `call-${id}` : id,
      probe,
    ]),
  ),
  ['call-link-make', request('POST', acme('/call-links'), () => ({}))],
  ['call-link-preview', request('GET', async (w) => `/api/call-links/${await w.callLink()}`)],
  ['call-link-preview-none', get(() => '/api/call-links/nonsense')],
  [
    'call-link-knock',
    request(
      'POST',
      async (w) => `/api/call-links/${await w.callLink()}/knock`,
      () => ({ displayName: 'Somebody' }),
    ),
  ],
  ['call-link-withdraw', request('DELETE', async (w) => `/api/call-links/${await w.callLink()}/knock`)],
  ['call-link-withdraw-none', request('DELETE', () => '/api/call-links/nonsense/knock')],
  [
    'call-link-admit',
    request(
      'POST',
      async (w) => `/api/call-links/${await w.callLink()}/admit`,
      () => ({ knockId: '00000000-0000-4000-8000-000000000001', admit: true }),
    ),
  ],
  [
    'call-link-end',
    request('DELETE', async (w, kind) =>
      kind === 'member' || kind === 'owner' ? `/api/call-links/${await w.callLink(w.people[kind])}` : null,
    ),
  ],
  ['call-link-end-others', request('DELETE', async (w) => `/api/call-links/${await w.callLink()}`)],
  ['call-people', get((w, kind) => to(callPath(w.over[kind]), '/participants'))],
  ['call-people-others', get((w) => to(callPath(w.othersCall), '/participants'))],
  ['call-people-group', get((w) => to(callPath(w.liveGroup), '/participants'))],
  ['call-knocks', inOwnCall('GET', '/knocks')],
  ['call-knocks-group', get((w) => to(callPath(w.liveGroup), '/knocks'))],
  ['call-chat', get((w, kind) => to(callPath(w.over[kind]), '/messages'))],
  ['call-chat-others', get((w) => to(callPath(w.othersCall), '/messages'))],
  ['call-chat-group', get((w) => to(callPath(w.liveGroup), '/messages'))],
  ['call-write', inOwnCall('POST', '/messages', { content: 'hello' })],
  ['call-write-over', write((w, kind) => callPath(w.over[kind]))],
  ['call-write-group', write((w) => callPath(w.liveGroup))],
  ['inbox', get(() => '/api/notifications')],
  [
    'inbox-read',
    request(
      'POST',
      () => '/api/notifications/read',
      async (w, kind) => ({ ids: (await w.inboxOf(w.people[kind])).map(({ id }) => id) }),
    ),
  ],
  [
    'inbox-read-others',
    async (w, kind) => {
      const [id] = await missedBy(w);
      const { status } = await w.askAs(kind, 'POST', '/api/notifications/read', { ids: [id] });
      const [row] = await w.db.once<{ read: boolean }>(
        'select read_at is not null as read from public.call_notifications where id = $1',
        [id],
      );
      return row?.read === false ? String(status) : `${status}, and it was read`;
    },
  ],
  ['config', get(() => '/api/config')],
  ['openapi', get(() => '/api/openapi.json')],
  [
    'media-webhook',
    request(
      'POST',
      () => '/api/media/webhook',
      () => ({ event: 'participant_joined' }),
    ),
  ],
  ['live', get(() => '/health/live')],
  ['ready', get(() => '/health/ready')],
  ['metrics', get(() => '/metrics')],
  ['socket', get(() => '/api/realtime')],
]);

/** The body is no JSON, and so the request is made by hand. */
async function putPicture(w: World, kind: PersonKind): Promise<string> {
  const token = kind === 'anonymous' ? null : w.hello(isSignedIn(kind) ? w.people[kind] : 'service').token;
  const { status } = await w.edge.ask('PUT', '/api/me/picture', {
    raw: jpegOf(256, 256),
    headers: { 'content-type': 'image/jpeg', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
  });
  return String(status);
}

/** Address of a picture that this person has just been given. */
async function pictureOf(w: World, { id }: { readonly id: string }): Promise<string> {
  const { token } = w.hello(id === w.lin.id ? w.lin : w.zoe);
  const { body } = await w.edge.ask<{ picture: string }>('PUT', '/api/me/picture', {
    raw: jpegOf(256, 256),
    headers: { 'content-type': 'image/jpeg', authorization: `Bearer ${token}` },
  });
  return `/api/people/${id}/pictures/${body.picture}`;
}

const linkOf = async (w: World, kind: SignedIn) => (kind === 'former' ? w.formersLink : w.invite(w.people[kind]));

/** The inbox of somebody who has just missed a call. */
async function missedBy(w: World): Promise<string[]> {
  const [one, other] = [(await w.colleague()).person, (await w.colleague()).person];
  const { id } = await w.must<{ id: string }>(one, 'POST', '/api/calls', callBody(w, other.id));
  await w.must(one, 'POST', `/api/calls/${id}/cancel`, {});
  return (await w.inboxOf(other)).map((entry) => entry.id);
}
