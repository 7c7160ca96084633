import { describe, expect, it } from 'vitest';
import { ADA, CALL, GRACE, seat, stage, TEAM, viewOf } from '../support/hub-stage.ts';

const team = `team:${TEAM}`;

describe('a membership that ends', () => {
  it('P20 takes the group calls along that one is no longer in', async () => {
    const { join, fanout, calls, members } = stage();
    calls.teams.set(ADA, [TEAM]).set(GRACE, [TEAM]);
    const ada = await join(ADA);
    const grace = await join(GRACE);
    const view = viewOf(1, 'connecting', [seat(ADA)]);
    const publish = (version: number, state: 'ringing' | 'left') =>
      fanout.publish({
        t: 'call',
        view: {
          ...view,
          call: {
            ...view.call,
            callType: 'group_audio',
            version,
            participants: view.call.participants.map((p) => (p.userId === GRACE ? { ...p, state } : p)),
          },
        },
        events: [],
      });
    publish(1, 'left');
    await grace.next('call', (m) => m.view.call.version === 1);
    ada.say({ t: 'subscribe', topic: team });
    await ada.next('presence');
    members.set(TEAM, [ADA]);
    fanout.publish({ t: 'team', teamId: TEAM, changed: 'members' });
    await ada.next('presence', (m) => m.kind === 'leave');
    publish(2, 'left');
    publish(3, 'ringing');
    expect((await grace.next('call')).view.call.version).toBe(3);
    expect(ada.of('call').map((m) => m.view.call.version)).toEqual([1, 2, 3]);
  });

  it('leaves a call of two alone: it is nobody else’s', async () => {
    const { join, fanout } = stage();
    const grace = await join(GRACE);
    fanout.publish({ t: 'call', view: viewOf(1, 'connecting', [seat(ADA)]), events: [] });
    expect((await grace.next('call')).view.call.id).toBe(CALL);
  });

  it('P22 while a topic is looked up, gives no topic', async () => {
    const gone = new Set<string>();
    const at = stage({
      readable: (userId) => {
        const could = !gone.has(userId);
        if (!could) return false;
        // The answer is on its way when the membership ends.
        gone.add(userId);
        at.fanout.publish({ t: 'team', teamId: TEAM, changed: 'members' });
        return could;
      },
    });
    at.members.set(TEAM, []);
    const grace = await at.join(GRACE);
    grace.say({ t: 'subscribe', topic: team });
    expect((await grace.next('error')).problem.code).toBe('unknown_topic');
    expect(grace.of('subscribed')).toEqual([]);
  });

  it('P30 while a socket is being welcomed, leaves nobody present', async () => {
    const { join, fanout, calls, members, timers } = stage();
    calls.teams.set(ADA, [TEAM]).set(GRACE, [TEAM]);
    const ada = await join(ADA);
    members.set(TEAM, [ADA]);
    calls.onSnapshot = async () => fanout.publish({ t: 'team', teamId: TEAM, changed: 'members' });
    await join(GRACE);
    calls.onSnapshot = async () => {};
    ada.say({ t: 'subscribe', topic: team });
    const sync = await ada.next('presence', (m) => m.kind === 'sync');
    const gone = sync.people.every(({ userId }) => userId !== GRACE);
    if (!gone) await ada.next('presence', (m) => m.kind === 'leave' && m.people[0]?.userId === GRACE);
    timers.advance(3_000);
    const again = ada.of('presence').filter((m) => m.kind === 'join' && m.people[0]?.userId === GRACE);
    expect(again).toEqual([]);
  });
});
