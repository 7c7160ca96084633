import { randomUUID } from 'node:crypto';
import { CLOSE } from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStanding, withStanding } from '../../src/identity/standing.ts';
import type { TokenVerifier } from '../../src/ports/auth.ts';
import { createHub } from '../../src/realtime/hub.ts';
import { createCallUseCases } from '../../src/usecases/calls.ts';
import { openStage } from '../support/call-stage.ts';
import { counting } from '../support/counting.ts';
import { eachDatabase, type TestDatabase } from '../support/databases.ts';
import { MemorySocket } from '../support/memory-socket.ts';
import { makePerson, type TestPerson } from '../support/people.ts';

/** A token: who it is, and their session. */
const tokenOf = ({ id }: TestPerson, sessionId = '') => `${id} ${sessionId}`;

eachDatabase((_name, open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  /** A server that looks its people up, as the real one does. `unreadable`: somebody at whom the database fails. */
  function server({ unreadable }: { unreadable?: TestPerson } = {}) {
    const s = openStage(database.db);
    const counted = counting({
      ...database.db,
      once: (text, params) =>
        unreadable && JSON.stringify(params).includes(unreadable.id)
          ? Promise.reject(new Error('a row that nobody can read'))
          : database.db.once(text, params),
    });
    const { clock, fanout, settings, timers } = s;
    const { db } = counted;
    const log = { info: () => {}, warn: () => {}, error: (fields: object) => void s.errors.push(fields) };
    const signatures: TokenVerifier = {
      verify: async (token) => {
        const [userId = '', sessionId = ''] = token.split(' ');
        const expiresAt = clock.now() + 900_000;
        return { userId, isAnonymous: false, expiresAt, ...(sessionId === '' ? {} : { sessionId }) };
      },
    };
    const calls = createCallUseCases({ ...s.deps, db });
    const verifier = withStanding(signatures, createStanding({ db, clock }, true), clock);
    const hub = createHub({ db, verifier, calls, fanout, settings, clock, timers, log });
    const say = (who: TestPerson, token = tokenOf(who), resume = { calls: {}, inbox: 0 }): MemorySocket => {
      const socket = new MemorySocket();
      socket.attach(hub.connect(socket));
      const { deviceId, instanceId } = who;
      socket.say({ t: 'hello', v: 1, token, deviceId, instanceId, resume });
      return socket;
    };
    return { ...s, calls, counted, hub, say };
  }

  /** Somebody with an account of this server, and a session of theirs. */
  async function signedIn(): Promise<{ person: TestPerson; sessionId: string }> {
    const person = { id: randomUUID(), displayName: 'Ada', deviceId: randomUUID(), instanceId: randomUUID() };
    const sessionId = randomUUID();
    await database.db.tx(async (sql) => {
      await sql.query(`insert into identity."user" (id, name, email, "emailVerified") values ($1, 'Ada', $2, false)`, [
        person.id,
        `${person.id}@example.test`,
      ]);
      await sql.query(
        `insert into identity.session (id, "expiresAt", token, "updatedAt", "userId")
         values ($1::uuid, now() + interval '1 day', $2, now(), $3)`,
        [sessionId, sessionId, person.id],
      );
    });
    return { person, sessionId };
  }

  it('the sockets of a storm cost a statement for many of them, with calls, rings and an inbox, at a server that knows nobody yet', async () => {
    const before = openStage(database.db);
    const { team, ada, grace } = await before.people();
    const { body: over } = await before.create(team, ada, grace);
    await before.command(ada, over.id, 'cancel');
    const { body: call } = await before.create(team, ada, grace);
    const others = await Promise.all(Array.from({ length: 18 }, (_, n) => makePerson(database.db, `Person ${n}`)));

    const { calls, counted, hub, say } = server();
    await calls.beat();
    const [statements, transactions] = [counted.count, counted.transactions];
    const everybody = [ada, grace, ...others];
    const resume = { calls: { [over.id]: 1 }, inbox: 0 };
    const sockets = everybody.map((who) => say(who, tokenOf(who), resume));
    const [toAda, toGrace, toStranger] = await Promise.all(sockets.map((socket) => socket.next('welcome')));
    expect(counted.transactions - transactions).toBe(0);
    expect(counted.count - statements).toBeLessThan(everybody.length / 3);
    expect(toAda).toMatchObject({ calls: [{ call: { id: call.id } }], ended: [{ call: { id: over.id } }], rings: [] });
    expect(toGrace).toMatchObject({ rings: [{ callId: call.id }], inbox: { items: [{ callId: over.id }] } });
    expect(toStranger).toMatchObject({ calls: [], ended: [], rings: [], inbox: { seq: 0, items: [] } });
    hub.stop();
  });

  it('each socket that comes alone costs one statement', async () => {
    const { calls, counted, hub, say } = server();
    await calls.beat();
    for (let n = 0; n < 3; n += 1) {
      const who = await makePerson(database.db, `Loner ${n}`);
      const before = counted.count;
      await say(who).next('welcome');
      expect(counted.count - before).toBe(1);
    }
    hub.stop();
  });

  it('answers the others where one of those who came together cannot be answered', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, (_, n) => makePerson(database.db, `Person ${n}`)));
    const unreadable = people[5];
    if (!unreadable) throw new Error('nobody');
    const { calls, hub, errors, say } = server({ unreadable });
    await calls.beat();
    const sockets = people.map((who) => ({ who, socket: say(who) }));
    for (const { who, socket } of sockets) {
      if (who !== unreadable) await socket.next('welcome');
      else expect((await socket.next('error')).problem.code).toBe('internal');
    }
    expect(errors).toHaveLength(1);
    hub.stop();
  });

  it('takes nobody who was blocked, or whose session has ended, and leaves their devices as they were', async () => {
    const { hub, say } = server();
    const { person: ada, sessionId } = await signedIn();
    const grace = await makePerson(database.db, 'Grace', { device: false });
    await say(ada, tokenOf(ada, sessionId)).next('welcome');
    const refused = async (socket: MemorySocket) => {
      expect((await socket.next('error')).problem.code).toBe('token_invalid');
      expect((await socket.whenClosed()).code).toBe(CLOSE.unauthenticated);
    };
    await refused(say({ ...ada, instanceId: randomUUID() }, tokenOf(ada, randomUUID())));
    await database.db.once(`update auth.users set banned_until = 'infinity' where id = $1`, [grace.id]);
    await refused(say(grace));
    expect(await database.db.once('select from public.devices where user_id = $1', [grace.id])).toEqual([]);
    expect(hub.stats()).toMatchObject({ sockets: 1, people: 1 });
    hub.stop();
  });

  it('does not let a session that has ended take the place of a socket', async () => {
    const { hub, say } = server();
    const { person: ada, sessionId } = await signedIn();
    const socket = say(ada, tokenOf(ada, sessionId));
    await socket.next('welcome');
    const other = say(ada, tokenOf(ada, randomUUID()));
    expect((await other.whenClosed()).code).toBe(CLOSE.unauthenticated);
    expect([socket.closed, hub.stats().sockets]).toEqual([null, 1]);
    hub.stop();
  });
});
