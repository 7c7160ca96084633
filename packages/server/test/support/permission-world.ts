import { randomUUID } from 'node:crypto';
import type { Call, Channel, Invitation } from '@parley/protocol';
import { SignJWT } from 'jose';
import type { Database } from '../../src/ports/database.ts';
import { apply, newCall, placed } from './calls.ts';
import { type Answer, openEdge } from './edge-stage.ts';
import { MemorySocket } from './memory-socket.ts';
import { makePerson, makeTeam, type TestPerson, type TestTeam } from './people.ts';
import { PEOPLE, type PersonKind } from './permission-tables.ts';

const SECRET = 'a secret that two servers share 123';
export const TURN_SECRET = 'a secret that the relay shares with us';
const LONG_MS = 600_000;

/** Kinds of people whose tokens the server takes. */
export const SIGNED_IN = ['member', 'owner', 'former', 'outsider', 'guest'] as const satisfies readonly PersonKind[];
export type SignedIn = (typeof SIGNED_IN)[number];
export const isSignedIn = (kind: PersonKind): kind is SignedIn => (SIGNED_IN as readonly string[]).includes(kind);

export type World = Awaited<ReturnType<typeof openWorld>>;

/** A call, and the two in it. */
export interface Pair {
  readonly callId: string;
  readonly caller: TestPerson;
  readonly called: TestPerson;
  /** Whoever of the two the line is about. */
  readonly self: TestPerson;
  readonly other: TestPerson;
}

const sign = (claims: Record<string, unknown>): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET));

/**
 * The server over the people and things of docs/permissions.md. Whatever a kind of person cannot have (a guest has no calls)
 * is null.
 */
export async function openWorld(db: Database) {
  const edge = await openEdge(db, {
    AUTH_JWT_SECRET: SECRET,
    PARLEY_RATE_LIMITS: 'off',
    PARLEY_RING_TIMEOUT_MS: String(LONG_MS),
    PARLEY_LEASE_MS: String(LONG_MS),
    TURN_URLS: 'turn:turn.example.test:3478',
    TURN_SECRET,
  });
  const tokens = new Map<string, string>();

  const person = async (name: string, isAnonymous = false): Promise<TestPerson> => {
    const made = await makePerson(db, name);
    if (isAnonymous) await db.once('update auth.users set email = null, is_anonymous = true where id = $1', [made.id]);
    tokens.set(made.id, await sign({ sub: made.id, role: 'authenticated', is_anonymous: isAnonymous }));
    return made;
  };
  const [member, owner, former, outsider, guest, lin, ken, zoe] = [
    await person('Member'),
    await person('Owner'),
    await person('Former'),
    await person('Outsider'),
    await person('Guest', true),
    await person('Lin'),
    await person('Ken'),
    await person('Zoe'),
  ];
  const people: Readonly<Record<SignedIn, TestPerson>> = { member, owner, former, outsider, guest };
  const acme = await makeTeam(db, [owner, member, former, lin, ken], 'Acme');
  const elsewhere = await makeTeam(db, [outsider, zoe], 'Elsewhere');
  const serviceKey = await sign({ role: 'service_role' });

  function ask<T>(who: TestPerson | null, method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const token = who === null ? undefined : tokens.get(who.id);
    return edge.ask<T>(method, path, {
      ...(token === undefined ? {} : { token }),
      ...(body === undefined ? {} : { body }),
      headers: headersOf(who),
    });
  }
  async function must<T>(who: TestPerson, method: string, path: string, body?: unknown): Promise<T> {
    const answer = await ask<T>(who, method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  const headersOf = (who: TestPerson | null): Record<string, string> => ({
    'idempotency-key': randomUUID(),
    'x-device-id': who?.deviceId ?? randomUUID(),
    'x-instance-id': who?.instanceId ?? randomUUID(),
  });

  const openDirect = async (from: TestPerson, to: TestPerson, team: TestTeam) =>
    (await must<Channel>(from, 'POST', `/api/teams/${team.id}/direct`, { userId: to.id })).id;
  const invite = async (from: TestPerson) =>
    (await must<Invitation>(from, 'POST', `/api/teams/${acme.id}/invitations`, {})).token;
  const call = async (from: TestPerson, to: TestPerson, team: TestTeam, channelId: string | null = null) =>
    (
      await must<Call>(from, 'POST', '/api/calls', {
        teamId: team.id,
        channelId,
        callType: 'audio',
        recipientIds: [to.id],
      })
    ).id;
  const end = (who: TestPerson, callId: string) => ask(who, 'POST', `/api/calls/${callId}/end`, {});
  const pastCall = async (from: TestPerson, to: TestPerson, team: TestTeam) => {
    const callId = await call(from, to, team);
    await end(from, callId);
    return callId;
  };
  /** Group calls come through the server with their media server; the ledger has them. */
  const groupCall = async (from: TestPerson, to: readonly TestPerson[], channelId: string | null, over: boolean) => {
    const { stored } = await placed(
      db,
      newCall(acme, from, lin, {
        sender: { userId: from.id, deviceId: from.deviceId, instanceId: from.instanceId, leaseMs: LONG_MS },
        callType: 'group_audio',
        channelId,
        recipientIds: to.map(({ id }) => id),
        ringTimeoutMs: LONG_MS,
      }),
    );
    if (over) await apply(db, stored.call.id, { type: 'ended', actorId: from.id });
    return stored.call.id;
  };

  // While the former member was in the team.
  const direct: Record<SignedIn, string | null> = {
    member: await openDirect(member, lin, acme),
    owner: await openDirect(owner, lin, acme),
    former: await openDirect(former, lin, acme),
    outsider: await openDirect(outsider, zoe, elsewhere),
    guest: null,
  };
  const over: Record<SignedIn, string | null> = {
    member: await pastCall(member, lin, acme),
    owner: await pastCall(owner, lin, acme),
    former: await pastCall(former, lin, acme),
    outsider: await pastCall(outsider, zoe, elsewhere),
    guest: null,
  };
  const things = {
    othersDirect: await openDirect(lin, ken, acme),
    olderLink: await invite(owner),
    formersLink: await invite(former),
    /** Over; member and former were in it. */
    channelGroup: await groupCall(lin, [member, former], acme.channelId, true),
    /** Over, outside of channels. */
    ownGroup: await groupCall(lin, [member, owner, former], null, true),
    othersGroup: await groupCall(lin, [ken], null, true),
    /** It goes on, and none of the columns' people is in it. */
    liveGroup: await groupCall((await colleague()).person, [], acme.channelId, false),
  };
  await must(owner, 'DELETE', `/api/teams/${acme.id}/members/${former.id}`);
  // A link of the very moment of the removal counts as older.
  edge.clock.turn(1_000);
  const goodLink = await invite(owner);
  const othersCall = await call(lin, ken, acme, acme.channelId);

  const homeOf = (kind: SignedIn): TestTeam | null =>
    kind === 'outsider' ? elsewhere : kind === 'member' || kind === 'owner' ? acme : null;

  /** Somebody else of the team, for one case alone. */
  async function colleague(team: TestTeam = acme): Promise<{ person: TestPerson; team: TestTeam }> {
    const made = await person('Colleague');
    await db.once('insert into public.team_members (team_id, user_id) values ($1, $2)', [team.id, made.id]);
    return { person: made, team };
  }

  return {
    db,
    edge,
    people,
    lin,
    ken,
    zoe,
    acme,
    elsewhere,
    direct,
    over,
    goodLink,
    othersCall,
    ...things,
    ask,
    must,
    colleague,
    invite,
    /** Token of a link into the call of a channel, which runs; of somebody of Acme whom nobody knows where nothing is said. */
    async callLink(by?: TestPerson): Promise<string> {
      const { person: maker } = await colleague();
      const channel = await must<{ id: string }>(maker, 'POST', `/api/teams/${acme.id}/channels`, { name: 'a place' });
      await groupCall(maker, [], channel.id, false);
      const link = { channelId: channel.id };
      return (await must<{ token: string }>(by ?? maker, 'POST', `/api/teams/${acme.id}/call-links`, link)).token;
    },
    /** A group that runs in a channel of Acme of its own, made for one case alone. */
    async groupElsewhere(): Promise<string> {
      const { person: maker } = await colleague();
      const channel = await must<{ id: string }>(maker, 'POST', `/api/teams/${acme.id}/channels`, { name: 'a place' });
      return groupCall(maker, [], channel.id, false);
    },
    /** The same request as this kind of person: without a token, or with a key that is nobody's, for the last two. */
    async askAs<T>(kind: PersonKind, method: string, path: string, body?: unknown): Promise<Answer<T>> {
      if (isSignedIn(kind)) return ask<T>(people[kind], method, path, body);
      const token = kind === 'service' ? { token: serviceKey } : {};
      return edge.ask<T>(method, path, { ...token, ...(body === undefined ? {} : { body }), headers: headersOf(null) });
    },
    /** A live call of this person, made for one case alone, and ended after it. */
    async withCall<T>(
      kind: SignedIn,
      role: 'caller' | 'called',
      stage: 'ringing' | 'running',
      run: (pair: Pair) => Promise<T>,
    ): Promise<T | null> {
      const team = homeOf(kind);
      if (team === null) return null;
      const self = people[kind];
      const other = (await colleague(team)).person;
      const [caller, called] = role === 'caller' ? [self, other] : [other, self];
      const callId = await call(caller, called, team);
      try {
        if (stage === 'running') await must(called, 'POST', `/api/calls/${callId}/accept`, {});
        return await run({ callId, caller, called, self, other });
      } finally {
        await end(caller, callId);
      }
    },
    /** Everybody is again where they belong. */
    async restoreTeam(): Promise<void> {
      await db.once('delete from public.team_members where team_id = $1 and user_id = any ($2::uuid[])', [
        acme.id,
        [former.id, outsider.id, guest.id],
      ]);
      await db.once(
        `insert into public.team_members (team_id, user_id, role) values ($1, $2, 'member'), ($1, $3, 'owner')
         on conflict do nothing`,
        [acme.id, member.id, owner.id],
      );
    },
    inboxOf: async (who: TestPerson) =>
      (await must<{ items: { id: string }[] }>(who, 'GET', '/api/notifications')).items,
    /** A socket that has said nothing yet. */
    socket(): MemorySocket {
      const socket = new MemorySocket();
      return socket.attach(edge.hub.connect(socket));
    },
    hello: (who: TestPerson | 'service') => ({
      t: 'hello' as const,
      v: 1 as const,
      token: who === 'service' ? serviceKey : (tokens.get(who.id) ?? ''),
      deviceId: who === 'service' ? randomUUID() : who.deviceId,
      instanceId: who === 'service' ? randomUUID() : who.instanceId,
    }),
    /** A socket that has been welcomed. */
    async join(who: TestPerson): Promise<MemorySocket> {
      const socket = this.socket();
      socket.say(this.hello(who));
      await socket.next('welcome');
      return socket;
    },
    stop: () => edge.stop(),
  };
}

/** What each kind of person gets. */
export async function forEachPerson(ask: (kind: PersonKind) => Promise<string>): Promise<Record<PersonKind, string>> {
  const answers: [PersonKind, string][] = [];
  // One after the other: the people share what they ask for.
  for (const kind of PEOPLE) answers.push([kind, await ask(kind)]);
  return Object.fromEntries(answers) as Record<PersonKind, string>;
}
