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

  /** A server that looks its people up, as the real one does. */
  function server() {
    const s = openStage(database.db);
    const counted = counting(database.db);
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

  it('each socket of a storm costs one statement, with calls, rings and an inbox, at a server that knows nobody yet', async () => {
    const before = openStage(database.db);
    const { team, ada, grace } = await before.people();
    const { body: over } = await before.create(team, ada, grace);
    await before.command(ada, over.id, 'cancel');
    const { body: call } = await before.create(team, ada, grace);
    const others = await Promise.all(Array.from({ length: 8 }, (_, n) => makePerson(database.db, `Person ${n}`)));

    const { calls, counted, hub, say } = server();
    await calls.beat();
    const [statements, transactions] = [counted.count, counted.transactions];
    const everybody = [ada, grace, ...others];
    const resume = { calls: { [over.id]: 1 }, inbox: 0 };
    const sockets = everybody.map((who) => say(who, tokenOf(who), resume));
    const [toAda, toGrace, toStranger] = await Promise.all(sockets.map((socket) => socket.next('welcome')));
    expect([counted.count - statements, counted.transactions - transactions]).toEqual([everybody.length, 0]);
    expect(toAda).toMatchObject({ calls: [{ call: { id: call.id } }], ended: [{ call: { id: over.id } }], rings: [] });
    expect(toGrace).toMatchObject({ rings: [{ callId: call.id }], inbox: { items: [{ callId: over.id }] } });
    expect(toStranger).toMatchObject({ calls: [], ended: [], rings: [], inbox: { seq: 0, items: [] } });
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
