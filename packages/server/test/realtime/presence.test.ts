import { MAX_FRAME_BYTES } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { BOUNDS } from '../../src/realtime/bounds.ts';
import { noteCall } from '../../src/realtime/delivery.ts';
import { LiveCalls } from '../../src/realtime/live-calls.ts';
import { Presence, type PresencePerson } from '../../src/realtime/presence.ts';
import { PresenceBatches, presenceMessages } from '../../src/realtime/presence-batches.ts';
import { ADA, GRACE, id, viewOf } from '../support/hub-stage.ts';
import { ManualTimers } from '../support/manual-timers.ts';

function setUp() {
  const timers = new ManualTimers();
  const said: string[] = [];
  const presence = new Presence({
    timers,
    graceMs: 3000,
    emit: (teamId, kind, people: readonly PresencePerson[]) =>
      said.push(`${teamId} ${kind} ${people.map((p) => `${p.userId}:${p.state}`).join()}`),
  });
  return { timers, said, presence };
}

describe('Presence', () => {
  it('P30 tells each team that somebody came, changed and went', () => {
    const { presence, said, timers } = setUp();
    presence.online('ada', ['t1', 't2'], 'online');
    presence.setState('ada', 'in_call');
    presence.setState('ada', 'in_call');
    presence.offline('ada');
    timers.advance(3000);
    expect(said).toEqual([
      't1 join ada:online',
      't2 join ada:online',
      't1 join ada:in_call',
      't2 join ada:in_call',
      't1 leave ada:in_call',
      't2 leave ada:in_call',
    ]);
    expect(presence.ofTeam('t1')).toEqual([]);
    expect(timers.pending).toBe(0);
  });

  it('P30 tells that somebody’s call is over, though nothing else of it was heard on this node', () => {
    const { presence } = setUp();
    const live = new LiveCalls();
    for (const user of [ADA, GRACE]) presence.online(user, ['t1'], 'in_call', 'another node');
    const view = viewOf(7, 'ended', []);
    const participants = view.call.participants.map((person) => ({
      ...person,
      state: 'left' as const,
      leftAt: person.userId === ADA ? view.call.endedAt : '2025-12-31T23:59:00.000Z',
    }));
    noteCall({ live, presence }, { ...view, call: { ...view.call, participants } });
    expect([ADA, GRACE].map((user) => presence.stateOf(user))).toEqual(['online', 'in_call']);
  });

  it('P31 takes a reload for no absence', () => {
    const { presence, said, timers } = setUp();
    presence.online('ada', ['t1'], 'online');
    presence.offline('ada');
    timers.advance(2999);
    presence.online('ada', ['t1'], 'online');
    timers.advance(60_000);
    expect(said).toEqual(['t1 join ada:online']);
    expect(presence.ofTeam('t1')).toEqual([{ userId: 'ada', state: 'online' }]);
  });

  it('P23 follows who is in which team', () => {
    const { presence, said } = setUp();
    presence.online('ada', ['t1'], 'online');
    presence.setTeams('ada', ['t2']);
    expect(said).toEqual(['t1 join ada:online', 't1 leave ada:online', 't2 join ada:online']);
  });

  it('P30 holds only those who are online, however many teams there are', () => {
    const { presence, timers } = setUp();
    for (let team = 0; team < 500; team += 1) presence.online(`user-${team}`, [`team-${team}`], 'online');
    expect(presence.ofTeam('team-7')).toHaveLength(1);
    for (let team = 0; team < 500; team += 1) presence.offline(`user-${team}`);
    timers.advance(3000);
    expect(presence.has('user-7')).toBe(false);
    expect(presence.ofTeam('team-7')).toHaveLength(0);
  });
});

describe('PresenceBatches', () => {
  const TEAM = 't1';
  const person = (n: number, state: PresencePerson['state'] = 'online') => ({ userId: `user-${n}`, state });

  function listeners(count: number) {
    const timers = new ManualTimers();
    const heard: string[] = [];
    const sessions = new Set(
      Array.from({ length: count }, (_, n) => ({
        connection: { sendText: (text: string) => n === 0 && heard.push(text) },
      })),
    );
    const batches = new PresenceBatches({ ofTopic: () => sessions }, timers);
    return { timers, batches, said: () => heard.splice(0).map((text) => JSON.parse(text)) };
  }

  it('P34 tells a few at once', () => {
    const { batches, said } = listeners(BOUNDS.toldAtOnce);
    batches.tell(TEAM, 'join', [person(1)]);
    expect(said()).toEqual([{ t: 'presence', teamId: TEAM, kind: 'join', people: [person(1)] }]);
  });

  it('P34 tells many together, of each the newest', () => {
    const { batches, said, timers } = listeners(BOUNDS.toldAtOnce + 1);
    for (let n = 0; n < 100; n += 1) batches.tell(TEAM, 'join', [person(n)]);
    batches.tell(TEAM, 'leave', [person(7)]);
    batches.tell(TEAM, 'join', [person(8, 'in_call')]);
    expect(said()).toEqual([]);
    timers.advance(BOUNDS.presenceMs);
    const [left, came, ...more] = said();
    expect(left).toMatchObject({ kind: 'leave', people: [person(7)] });
    expect(came.people).toHaveLength(99);
    expect(came.people).toContainEqual(person(8, 'in_call'));
    expect(more).toEqual([]);
    expect(timers.pending).toBe(0);
  });

  it('P34 keeps every frame below the largest', () => {
    const everybody = Array.from({ length: 1200 }, (_, n) => ({ userId: id(n), state: 'in_call' as const }));
    const messages = [...presenceMessages(id(1), 'sync', everybody)];
    expect(messages.map(({ kind, people }) => [kind, people.length])).toEqual([
      ['sync', 500],
      ['join', 500],
      ['join', 200],
    ]);
    for (const message of messages) expect(JSON.stringify(message).length).toBeLessThan(MAX_FRAME_BYTES);
    expect([...presenceMessages(id(1), 'sync', [])]).toHaveLength(1);
  });
});
