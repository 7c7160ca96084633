import { END_WAYS, type EndWay, OUTCOMES } from '@parley/domain';
import { type Call, Message } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findMessages } from '../../src/store/messages.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';
import type { TestPerson, TestTeam } from '../support/people.ts';

oneDatabase((_, open) => {
  let database: TestDatabase;
  let s: Stage;

  beforeAll(async () => {
    database = await open();
    s = openStage(database.db);
  });
  afterAll(async () => {
    await s.close();
    await database.close();
  });

  type Pair = { team: TestTeam; ada: TestPerson; grace: TestPerson };

  /** Who reads what is in the direct channel of the two, newest first. */
  const chat = async ({ team, ada, grace }: Pair, who: TestPerson): Promise<Message[]> =>
    database.db.readAs({ sub: who.id, isAnonymous: false }, async (sql) => {
      const [channel] = await sql.query<{ id: string }>(
        `select id from public.channels
          where team_id = $1 and kind = 'direct' and direct_low = least($2::uuid, $3::uuid)
            and direct_high = greatest($2::uuid, $3::uuid)`,
        [team.id, ada.id, grace.id],
      );
      return channel ? (await findMessages(sql, channel.id, null, 50)).map((message) => Message.parse(message)) : [];
    });
  const published = (callId: string) => s.heard.filter((m) => m.t === 'message' && m.message.call?.id === callId);
  const answered = async ({ team, ada, grace }: Pair) => {
    const { body } = await s.create(team, ada, grace);
    await s.command(grace, body.id, 'accept');
    return body.id;
  };
  const ringing = async ({ team, ada, grace }: Pair) => (await s.create(team, ada, grace)).body.id;
  /** A call of Ada to Grace that ends in this way; its id. */
  const WAYS: Readonly<Record<EndWay, (pair: Pair) => Promise<string>>> = {
    declined: async (pair) => {
      const id = await ringing(pair);
      await s.command(pair.grace, id, 'decline');
      return id;
    },
    cancelled: async (pair) => {
      const id = await ringing(pair);
      await s.command(pair.ada, id, 'cancel');
      return id;
    },
    no_answer: async (pair) => {
      const id = await ringing(pair);
      await s.calls.renewLeases([]);
      await s.pass(s.settings.ringTimeoutMs - 1_000);
      await s.calls.touch({ ...actor(pair.ada) });
      await s.pass(2_000);
      return id;
    },
    busy: async ({ team, ada, grace }) => {
      const [other] = team.people.slice(2);
      if (!other) throw new Error('nobody else is there');
      await s.create(team, grace, other);
      const waiting = (await s.people()).ada;
      await database.db.once('insert into public.team_members (team_id, user_id) values ($1, $2)', [
        team.id,
        waiting.id,
      ]);
      await s.create(team, waiting, grace);
      return (await s.create(team, ada, grace)).body.id;
    },
    caller_lost: async (pair) => {
      const id = await ringing(pair);
      await database.db.once("update public.device_instances set lease_expires_at = '2000-01-01' where user_id = $1", [
        pair.ada.id,
      ]);
      await s.sweeper.sweep();
      return id;
    },
    hangup: async (pair) => {
      const { id } = await s.connected(pair.team, pair.ada, pair.grace);
      s.clock.turn(5_000);
      await s.command(pair.grace, id, 'leave', { reason: 'hangup' });
      return id;
    },
    dropped: async (pair) => {
      const id = await answered(pair);
      await database.db.once("update public.device_instances set lease_expires_at = '2000-01-01' where user_id = $1", [
        pair.grace.id,
      ]);
      await s.sweeper.sweep();
      return id;
    },
    media_failed: async (pair) => {
      const id = await answered(pair);
      await s.command(pair.ada, id, 'leave', { reason: 'media_failed' });
      return id;
    },
    ended_by_host: async (pair) => {
      const id = await answered(pair);
      await s.command(pair.ada, id, 'end');
      return id;
    },
  };
  const actor = ({ id, deviceId, instanceId }: TestPerson) => ({
    userId: id,
    isAnonymous: false,
    deviceId,
    instanceId,
  });

  /** Ada, Grace and a colleague of both. */
  async function three(): Promise<Pair & { linus: TestPerson; mallory: TestPerson }> {
    const { team, ada, grace, mallory } = await s.people();
    const linus = (await s.people()).ada;
    await database.db.once('insert into public.team_members (team_id, user_id) values ($1, $2)', [team.id, linus.id]);
    return { team: { ...team, people: [ada, grace, linus] }, ada, grace, linus, mallory };
  }

  describe('a call that ends', () => {
    it.each(END_WAYS)('%s leaves one message, the same for both, and tells of it once', async (way) => {
      const pair = await three();
      const callId = await WAYS[way](pair);
      const messages = await chat(pair, pair.ada);
      expect(messages).toHaveLength(1);
      const call = (await s.request<Call>(pair.ada, 'GET', `/api/calls/${callId}`)).body;
      expect(messages[0]).toMatchObject({
        type: 'call',
        author: { id: pair.ada.id, displayName: 'Ada' },
        content: 'Audio call',
        createdAt: call.endedAt,
        call: {
          id: callId,
          callType: 'audio',
          status: OUTCOMES[way].status,
          endReason: OUTCOMES[way].reason,
          initiatorId: pair.ada.id,
          durationSeconds: call.durationSeconds,
        },
      });
      expect(await chat(pair, pair.grace)).toEqual(messages);
      expect(await chat(pair, pair.linus)).toEqual([]);
      expect(published(callId)).toEqual([{ t: 'message', message: messages[0] }]);
    });

    it('says how long it was', async () => {
      const pair = await three();
      await WAYS.hangup(pair);
      const seconds = (await chat(pair, pair.grace))[0]?.call?.durationSeconds;
      expect(seconds).toBeGreaterThanOrEqual(5);
    });

    it('leaves nothing while it lives, and nothing more when a command or the sweeper comes again', async () => {
      const pair = await three();
      const { body } = await s.create(pair.team, pair.ada, pair.grace);
      expect(await chat(pair, pair.ada)).toEqual([]);
      const again = { 'idempotency-key': crypto.randomUUID() };
      for (let i = 0; i < 3; i += 1) await s.command(pair.grace, body.id, 'decline', {}, again);
      await s.command(pair.ada, body.id, 'cancel');
      await s.calls.settle();
      expect(await chat(pair, pair.ada)).toHaveLength(1);
      expect(published(body.id)).toHaveLength(1);
    });

    it('makes the direct channel, of which the team hears, and takes the one that is there', async () => {
      const pair = await three();
      const changes = () => s.heard.filter((m) => m.t === 'team' && m.teamId === pair.team.id).length;
      const before = changes();
      await WAYS.declined(pair);
      expect(changes()).toBe(before + 1);
      await WAYS.cancelled(pair);
      expect(changes()).toBe(before + 1);
      expect((await chat(pair, pair.ada)).map(({ call }) => call?.endReason)).toEqual(['cancelled', 'declined']);
    });

    it('never shows in the channel from which it was made', async () => {
      const pair = await three();
      const { body } = await s.create(pair.team, pair.ada, pair.grace, { channelId: pair.team.channelId });
      await s.command(pair.grace, body.id, 'decline');
      const rows = await database.db.once('select 1 as found from public.messages where channel_id = $1', [
        pair.team.channelId,
      ]);
      expect(rows).toEqual([]);
      expect(await chat(pair, pair.ada)).toHaveLength(1);
    });

    it('is undone with its message, when the transaction is', async () => {
      const pair = await three();
      const { body } = await s.create(pair.team, pair.ada, pair.grace);
      await database.db.once(
        'alter table public.messages add constraint tests_no_call check (type <> $$call$$) not valid',
      );
      try {
        expect((await s.command(pair.grace, body.id, 'decline')).status).toBeGreaterThanOrEqual(500);
        expect((await s.get(pair.ada, body.id)).status).toBe('ringing');
      } finally {
        await database.db.once('alter table public.messages drop constraint tests_no_call');
      }
      expect((await s.command(pair.grace, body.id, 'decline')).status).toBe(200);
      expect(await chat(pair, pair.ada)).toHaveLength(1);
    });
  });
});
