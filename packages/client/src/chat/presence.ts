import type { UserId } from '@parley/domain';
import type { PresenceState, ServerMessage } from '@parley/protocol';

type PresenceMessage = Extract<ServerMessage, { t: 'presence' }>;

/** Who is there, by team; a person in two teams is there once. */
export class Presence {
  readonly #teams = new Map<string, Map<UserId, PresenceState>>();
  #merged: ReadonlyMap<UserId, PresenceState> = new Map();

  all(): ReadonlyMap<UserId, PresenceState> {
    return this.#merged;
  }

  apply({ teamId, kind, people }: PresenceMessage): void {
    const team = kind === 'sync' ? new Map<UserId, PresenceState>() : new Map(this.#teams.get(teamId));
    for (const { userId, state } of people) {
      if (kind === 'leave') team.delete(userId);
      else team.set(userId, state);
    }
    this.#teams.set(teamId, team);
    this.#merge();
  }

  clear(): void {
    this.#teams.clear();
    this.#merge();
  }

  #merge(): void {
    const merged = new Map<UserId, PresenceState>();
    for (const team of this.#teams.values()) {
      for (const [userId, state] of team) if (merged.get(userId) !== 'in_call') merged.set(userId, state);
    }
    this.#merged = merged;
  }
}
