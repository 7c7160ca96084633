import { randomUUID } from 'node:crypto';
import type { Call, Invitation, Problem } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import type { MemorySocket } from '../support/memory-socket.ts';
import type { TestPerson } from '../support/people.ts';
import type { World } from '../support/permission-world.ts';

/** What goes with a membership, and what stays. */
export function departuresSuite(world: () => World): void {
  const remove = (w: World, by: TestPerson, who: TestPerson) =>
    w.ask<Problem>(by, 'DELETE', `/api/teams/${w.acme.id}/members/${who.id}`);
  const call = (w: World, from: TestPerson, to: TestPerson) =>
    w.must<Call>(from, 'POST', '/api/calls', {
      teamId: w.acme.id,
      channelId: null,
      callType: 'audio',
      recipientIds: [to.id],
    });
  const read = (w: World, who: TestPerson, callId: string) => w.must<Call>(who, 'GET', `/api/calls/${callId}`);
  const two = async (w: World) => [(await w.colleague()).person, (await w.colleague()).person] as const;
  const accept = (w: World, who: TestPerson, link: string) =>
    w.ask<Problem>(who, 'POST', `/api/invitations/${link}/accept`, {});
  const subscribe = async (socket: MemorySocket, topic: string) => {
    socket.say({ t: 'subscribe', topic });
    await socket.find((m) => m.t === 'subscribed' && m.topic === topic);
  };

  describe('calls', () => {
    it('a call that runs ends for both when one of them is removed', async () => {
      const w = world();
      const [one, other] = await two(w);
      const { id } = await call(w, one, other);
      await w.must(other, 'POST', `/api/calls/${id}/accept`, {});
      expect((await remove(w, w.people.owner, other)).status).toBe(204);
      expect(await read(w, one, id)).toMatchObject({ status: 'ended', endReason: 'hangup' });
      expect(await read(w, other, id)).toMatchObject({ status: 'ended' });
      const events = await w.must<{ items: { type: string; actorId: string }[] }>(
        one,
        'GET',
        `/api/calls/${id}/events`,
      );
      expect(events.items.at(-1)).toMatchObject({ type: 'left', actorId: other.id });
    });

    it('a call that rings for somebody who leaves is declined, and one that they make is cancelled', async () => {
      const w = world();
      const [one, other] = await two(w);
      const ringing = await call(w, one, other);
      expect((await remove(w, other, other)).status).toBe(204);
      expect(await read(w, one, ringing.id)).toMatchObject({ status: 'rejected', endReason: 'declined' });
      const [third] = await two(w);
      const made = await call(w, one, third);
      expect((await remove(w, w.people.owner, one)).status).toBe(204);
      expect(await read(w, third, made.id)).toMatchObject({ status: 'missed', endReason: 'cancelled' });
    });

    it('a call that is made at the same moment is refused, or ended', async () => {
      const w = world();
      for (let round = 0; round < 5; round += 1) {
        const [one, other] = await two(w);
        const body = { teamId: w.acme.id, channelId: null, callType: 'audio', recipientIds: [other.id] };
        const [made] = await Promise.all([
          w.ask<Call>(one, 'POST', '/api/calls', body),
          remove(w, w.people.owner, round % 2 === 0 ? one : other),
        ]);
        if (made.status === 201) expect((await read(w, one, made.body.id)).endedAt).not.toBeNull();
        else expect([404, 422]).toContain(made.status);
      }
    });

    it('calls of another team go on', async () => {
      const w = world();
      const [one, other] = await two(w);
      await w.db.once('insert into public.team_members (team_id, user_id) values ($1, $2), ($1, $3)', [
        w.elsewhere.id,
        one.id,
        other.id,
      ]);
      const { id } = await w.must<Call>(one, 'POST', '/api/calls', {
        teamId: w.elsewhere.id,
        channelId: null,
        callType: 'audio',
        recipientIds: [other.id],
      });
      await remove(w, w.people.owner, one);
      expect((await read(w, other, id)).status).toBe('ringing');
      await w.must(one, 'POST', `/api/calls/${id}/cancel`, {});
    });
  });

  describe('sockets', () => {
    it('P23 lose topics and presence at once, and no relay goes through', async () => {
      const w = world();
      const [one, other] = await two(w);
      const [mine, theirs] = [await w.join(one), await w.join(other)];
      const { id } = await call(w, one, other);
      await w.must(other, 'POST', `/api/calls/${id}/accept`, {});
      const [team, channel] = [`team:${w.acme.id}`, `channel:${w.acme.channelId}`];
      for (const socket of [mine, theirs]) for (const topic of [team, channel]) await subscribe(socket, topic);
      await remove(w, w.people.owner, other);
      for (const topic of [team, channel]) {
        await theirs.find((m) => m.t === 'error' && m.ref === topic && m.problem.code === 'unknown_topic');
      }
      await mine.find((m) => m.t === 'presence' && m.kind === 'leave' && m.people[0]?.userId === other.id);
      await theirs.find((m) => m.t === 'call' && m.view.call.id === id && m.view.call.status === 'ended');
      theirs.say({ t: 'relay', callId: id, to: one.instanceId, epoch: 1, generation: 0, payload: 'still here?' });
      await theirs.find((m) => m.t === 'error' && m.ref === id && m.problem.code === 'peer_not_in_call');

      const before = theirs.received.length;
      const { id: messageId } = await w.must<{ id: string }>(
        one,
        'POST',
        `/api/channels/${w.acme.channelId}/messages`,
        { content: 'among ourselves' },
      );
      await mine.find((m) => m.t === 'message' && m.message.id === messageId);
      expect(theirs.received.slice(before)).toEqual([]);
      expect(mine.of('relay')).toEqual([]);
      for (const socket of [mine, theirs]) socket.cut();
    });
  });

  describe('who may', () => {
    it('the last owner stays, an owner among several may go', async () => {
      const w = world();
      const last = await remove(w, w.people.owner, w.people.owner);
      expect([last.status, last.body.code]).toEqual([409, 'last_owner']);
      const { person } = await w.colleague();
      await w.db.once(`update public.team_members set role = 'owner' where team_id = $1 and user_id = $2`, [
        w.acme.id,
        person.id,
      ]);
      const both = await Promise.all([remove(w, person, person), remove(w, w.people.owner, w.people.owner)]);
      expect(both.map(({ status }) => status).toSorted()).toEqual([204, 409]);
      await w.restoreTeam();
    });

    it('refuses ids that are none, people who are not there, and members who would remove others', async () => {
      const w = world();
      const codes = await Promise.all([
        w.ask<Problem>(w.people.owner, 'DELETE', `/api/teams/${w.acme.id}/members/nobody`),
        w.ask<Problem>(w.people.owner, 'DELETE', `/api/teams/${w.acme.id}/members/${randomUUID()}`),
        remove(w, w.people.owner, w.people.outsider),
        remove(w, w.people.member, w.people.owner),
      ]);
      expect(codes.map(({ status, body }) => [status, body.code])).toEqual([
        [400, 'bad_id'],
        [404, 'not_found'],
        [404, 'not_found'],
        [403, 'forbidden'],
      ]);
    });

    it('links made by whoever has gone lead nowhere; an older link lets back in whoever left, not whoever was removed', async () => {
      const w = world();
      const [leaver, removed] = await two(w);
      const older = await w.invite(w.people.owner);
      const own = await Promise.all([w.invite(leaver), w.invite(removed)]);
      await remove(w, leaver, leaver);
      await remove(w, w.people.owner, removed);
      for (const link of own) expect((await accept(w, w.people.outsider, link)).status).toBe(410);
      expect((await accept(w, leaver, older)).status).toBe(200);
      expect((await accept(w, removed, older)).status).toBe(410);
      w.edge.clock.turn(1_000);
      const newer = await w.must<Invitation>(w.people.owner, 'POST', `/api/teams/${w.acme.id}/invitations`, {});
      expect((await accept(w, removed, newer.token)).status).toBe(200);
    });
  });
}
