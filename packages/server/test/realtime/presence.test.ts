import { describe, expect, it } from 'vitest';
import { Presence, type PresencePerson } from '../../src/realtime/presence.ts';
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
