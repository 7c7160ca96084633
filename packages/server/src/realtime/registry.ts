import { type Session, seatKey } from './session.ts';

/** Who is connected to this process, by instance, by person and by topic. */
export class Registry {
  readonly #byKey = new Map<string, Session>();
  readonly #byUser = new Map<string, Set<Session>>();
  readonly #byTopic = new Map<string, Set<Session>>();

  get size(): number {
    return this.#byKey.size;
  }

  get people(): number {
    return this.#byUser.size;
  }

  all(): IterableIterator<Session> {
    return this.#byKey.values();
  }

  instance(who: { readonly userId: string; readonly instanceId: string }): Session | undefined {
    return this.#byKey.get(seatKey(who));
  }

  ofUser(userId: string): ReadonlySet<Session> {
    return this.#byUser.get(userId) ?? NONE;
  }

  ofTopic(topic: string): ReadonlySet<Session> {
    return this.#byTopic.get(topic) ?? NONE;
  }

  /** @returns the older session of the same instance, which is out of the registry now. */
  add(session: Session): Session | undefined {
    const key = seatKey(session.actor);
    const older = this.#byKey.get(key);
    if (older) this.remove(older);
    this.#byKey.set(key, session);
    addTo(this.#byUser, session.user.id, session);
    return older;
  }

  /** False when it was not there (any more). */
  remove(session: Session): boolean {
    const key = seatKey(session.actor);
    if (this.#byKey.get(key) !== session) return false;
    this.#byKey.delete(key);
    removeFrom(this.#byUser, session.user.id, session);
    for (const topic of session.topics.keys()) removeFrom(this.#byTopic, topic, session);
    session.topics.clear();
    return true;
  }

  subscribe(session: Session, topic: string, teamId: string): void {
    session.topics.set(topic, teamId);
    addTo(this.#byTopic, topic, session);
  }

  unsubscribe(session: Session, topic: string): void {
    if (session.topics.delete(topic)) removeFrom(this.#byTopic, topic, session);
  }
}

const NONE: ReadonlySet<Session> = new Set();

function addTo(index: Map<string, Set<Session>>, key: string, session: Session): void {
  const set = index.get(key);
  if (set) set.add(session);
  else index.set(key, new Set([session]));
}

function removeFrom(index: Map<string, Set<Session>>, key: string, session: Session): void {
  const set = index.get(key);
  if (set?.delete(session) && set.size === 0) index.delete(key);
}
