import type { ServerMessage } from '@parley/protocol';
import type { Timers } from '../ports/timers.ts';
import { BOUNDS } from './bounds.ts';
import type { PresencePerson } from './presence.ts';

interface Listeners {
  ofTopic(topic: string): ReadonlySet<{ readonly connection: { sendText(text: string): void } }>;
}

type Kind = 'join' | 'leave';

/**
 * Tells the listeners of a team who came and went. Where many listen it is told together, every now and then: that a thousand come
 * is else a thousand messages for each of the thousand. Of somebody who changes twice the newest is told.
 */
export class PresenceBatches {
  readonly #registry: Listeners;
  readonly #timers: Timers;
  readonly #waiting = new Map<string, Map<string, { readonly kind: Kind; readonly person: PresencePerson }>>();

  constructor(registry: Listeners, timers: Timers) {
    this.#registry = registry;
    this.#timers = timers;
  }

  tell(teamId: string, kind: Kind, people: readonly PresencePerson[]): void {
    const waiting = this.#waiting.get(teamId);
    if (!waiting && this.#listeners(teamId).size <= BOUNDS.toldAtOnce) {
      this.#send(teamId, kind, people);
      return;
    }
    const changes = waiting ?? new Map();
    for (const person of people) changes.set(person.userId, { kind, person });
    if (waiting) return;
    this.#waiting.set(teamId, changes);
    const wait = Math.max(BOUNDS.presenceMs, this.#listeners(teamId).size * BOUNDS.togetherMsEach);
    this.#timers.setTimeout(() => this.#flush(teamId), wait);
  }

  #flush(teamId: string): void {
    const changes = [...(this.#waiting.get(teamId)?.values() ?? [])];
    this.#waiting.delete(teamId);
    for (const kind of ['leave', 'join'] as const) {
      const people = changes.filter((change) => change.kind === kind).map(({ person }) => person);
      if (people.length > 0) this.#send(teamId, kind, people);
    }
  }

  #send(teamId: string, kind: Kind, people: readonly PresencePerson[]): void {
    for (const message of presenceMessages(teamId, kind, people)) {
      const text = JSON.stringify(message);
      // Copied: a slow consumer is closed, and leaves the set, while it is being walked.
      for (const session of [...this.#listeners(teamId)]) session.connection.sendText(text);
    }
  }

  #listeners(teamId: string) {
    return this.#registry.ofTopic(`team:${teamId}`);
  }
}

/** In frames that stay below the largest: what does not fit the first comes as *join*. */
export function* presenceMessages(
  teamId: string,
  kind: 'sync' | Kind,
  people: readonly PresencePerson[],
): Iterable<Extract<ServerMessage, { t: 'presence' }>> {
  let as = kind;
  let from = 0;
  do {
    yield { t: 'presence', teamId, kind: as, people: people.slice(from, from + BOUNDS.presencePeople) };
    if (as === 'sync') as = 'join';
    from += BOUNDS.presencePeople;
  } while (from < people.length);
}
