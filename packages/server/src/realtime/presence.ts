import type { PresenceState } from '@parley/protocol';
import type { Timers } from '../ports/timers.ts';

export interface PresencePerson {
  readonly userId: string;
  readonly state: PresenceState;
}

interface Entry {
  readonly teams: Set<string>;
  state: PresenceState;
  /** Set while the person's last socket is gone and the grace runs. */
  leaving: unknown;
}

export interface PresenceDeps {
  readonly timers: Timers;
  readonly graceMs: number;
  readonly emit: (teamId: string, kind: 'join' | 'leave', people: readonly PresencePerson[]) => void;
}

/**
 * Who is online, team by team. Costs memory and time by those who are online, never by the size of a team. `join` also
 * says that somebody's state has changed.
 */
export class Presence {
  readonly #deps: PresenceDeps;
  readonly #people = new Map<string, Entry>();
  readonly #teams = new Map<string, Set<string>>();

  constructor(deps: PresenceDeps) {
    this.#deps = deps;
  }

  has(userId: string): boolean {
    return this.#people.has(userId);
  }

  isIn(userId: string, teamId: string): boolean {
    return this.#people.get(userId)?.teams.has(teamId) ?? false;
  }

  /** The person has a socket (again). */
  online(userId: string, teamIds: readonly string[], state: PresenceState): void {
    const known = this.#people.get(userId);
    if (known) {
      this.#stay(known);
      this.setState(userId, state);
      this.setTeams(userId, teamIds);
      return;
    }
    this.#people.set(userId, { teams: new Set(), state, leaving: null });
    this.setTeams(userId, teamIds);
  }

  /** The person's last socket is gone. */
  offline(userId: string): void {
    const entry = this.#people.get(userId);
    if (!entry || entry.leaving !== null) return;
    entry.leaving = this.#deps.timers.setTimeout(() => {
      this.#people.delete(userId);
      for (const teamId of entry.teams) this.#leave(teamId, userId, entry.state);
    }, this.#deps.graceMs);
  }

  setState(userId: string, state: PresenceState): void {
    const entry = this.#people.get(userId);
    if (!entry || entry.state === state) return;
    entry.state = state;
    for (const teamId of entry.teams) this.#deps.emit(teamId, 'join', [{ userId, state }]);
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
    this.#deps.emit(teamId, 'join', [{ userId, state: entry.state }]);
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
    this.#deps.emit(teamId, 'leave', [{ userId, state }]);
  }
}
