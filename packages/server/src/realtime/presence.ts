import type { PresenceState } from '@parley/protocol';
import type { Timers } from '../ports/timers.ts';

export interface PresencePerson {
  readonly userId: string;
  readonly state: PresenceState;
}

interface Entry {
  readonly teams: Set<string>;
  /** The nodes on which the person has a socket. */
  readonly nodes: Set<string>;
  state: PresenceState;
  /** Set while the person's last socket is gone and the grace runs. */
  leaving: unknown;
}

export interface PresenceDeps {
  readonly timers: Timers;
  readonly graceMs: number;
  readonly emit: (teamId: string, kind: 'join' | 'leave', people: readonly PresencePerson[]) => void;
}

/** This process, among the nodes on which somebody may be. */
const HERE = '';

/**
 * Who is online, team by team, on this node and on others. Costs memory and time by those who are online, never by the size of a
 * team. `join` also says that somebody's state has changed.
 */
export class Presence {
  readonly #deps: PresenceDeps;
  readonly #people = new Map<string, Entry>();
  readonly #teams = new Map<string, Set<string>>();
  /** What is told together, by kind and team; null while each is told at once. */
  #together: Map<string, { teamId: string; kind: 'join' | 'leave'; people: PresencePerson[] }> | null = null;

  constructor(deps: PresenceDeps) {
    this.#deps = deps;
  }

  has(userId: string): boolean {
    return this.#people.has(userId);
  }

  isIn(userId: string, teamId: string): boolean {
    return this.#people.get(userId)?.teams.has(teamId) ?? false;
  }

  teamsOf(userId: string): readonly string[] {
    return [...(this.#people.get(userId)?.teams ?? [])];
  }

  stateOf(userId: string): PresenceState {
    return this.#people.get(userId)?.state ?? 'online';
  }

  /** What `changes` does is told together: one message for a team and kind, however many people. */
  together(changes: () => void): void {
    this.#together = new Map();
    try {
      changes();
    } finally {
      const groups = this.#together;
      this.#together = null;
      for (const { teamId, kind, people } of groups.values()) this.#deps.emit(teamId, kind, people);
    }
  }

  /** The person has a socket (again), on that node. */
  online(userId: string, teamIds: readonly string[], state: PresenceState, node = HERE): void {
    const known = this.#people.get(userId);
    if (known) {
      known.nodes.add(node);
      this.#stay(known);
      this.setState(userId, state);
      this.setTeams(userId, teamIds);
      return;
    }
    this.#people.set(userId, { teams: new Set(), nodes: new Set([node]), state, leaving: null });
    this.setTeams(userId, teamIds);
  }

  /** The person's last socket on that node is gone. */
  offline(userId: string, node = HERE): void {
    const entry = this.#people.get(userId);
    entry?.nodes.delete(node);
    if (!entry || entry.nodes.size > 0 || entry.leaving !== null) return;
    entry.leaving = this.#deps.timers.setTimeout(() => {
      this.#people.delete(userId);
      for (const teamId of entry.teams) this.#leave(teamId, userId, entry.state);
    }, this.#deps.graceMs);
  }

  setState(userId: string, state: PresenceState): void {
    const entry = this.#people.get(userId);
    if (!entry || entry.state === state) return;
    entry.state = state;
    for (const teamId of entry.teams) this.#tell(teamId, 'join', { userId, state });
  }

  setTeams(userId: string, teamIds: readonly string[]): void {
    const entry = this.#people.get(userId);
    if (!entry) return;
    const next = new Set(teamIds);
    for (const teamId of entry.teams) if (!next.has(teamId)) this.removeTeam(userId, teamId);
    for (const teamId of next) this.addTeam(userId, teamId);
  }

  addTeam(userId: string, teamId: string): void {
    const entry = this.#people.get(userId);
    if (!entry || entry.teams.has(teamId)) return;
    entry.teams.add(teamId);
    const members = this.#teams.get(teamId);
    if (members) members.add(userId);
    else this.#teams.set(teamId, new Set([userId]));
    this.#tell(teamId, 'join', { userId, state: entry.state });
  }

  removeTeam(userId: string, teamId: string): void {
    const entry = this.#people.get(userId);
    if (entry?.teams.delete(teamId)) this.#leave(teamId, userId, entry.state);
  }

  ofTeam(teamId: string): PresencePerson[] {
    const people: PresencePerson[] = [];
    for (const userId of this.#teams.get(teamId) ?? []) {
      const entry = this.#people.get(userId);
      if (entry) people.push({ userId, state: entry.state });
    }
    return people;
  }

  stop(): void {
    for (const entry of this.#people.values()) this.#stay(entry);
  }

  #stay(entry: Entry): void {
    if (entry.leaving !== null) this.#deps.timers.clearTimeout(entry.leaving);
    entry.leaving = null;
  }

  #leave(teamId: string, userId: string, state: PresenceState): void {
    const members = this.#teams.get(teamId);
    if (!members?.delete(userId)) return;
    if (members.size === 0) this.#teams.delete(teamId);
    this.#tell(teamId, 'leave', { userId, state });
  }

  #tell(teamId: string, kind: 'join' | 'leave', person: PresencePerson): void {
    if (this.#together === null) {
      this.#deps.emit(teamId, kind, [person]);
      return;
    }
    const key = `${kind} ${teamId}`;
    const group = this.#together.get(key);
    if (group) group.people.push(person);
    else this.#together.set(key, { teamId, kind, people: [person] });
  }
}
