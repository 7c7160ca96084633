import type { Database, Sql } from '../ports/database.ts';
import type { Session } from './session.ts';

export type TopicKind = 'call' | 'channel' | 'team';

export interface ParsedTopic {
  readonly kind: TopicKind;
  readonly id: string;
}

/** A topic of the protocol, which its schema has checked. */
export function parseTopic(topic: string): ParsedTopic {
  const at = topic.indexOf(':');
  return { kind: topic.slice(0, at) as TopicKind, id: topic.slice(at + 1) };
}

const TEAM_OF: Record<TopicKind, string> = {
  call: 'select team_id from public.call_sessions where id = $1',
  channel: 'select team_id from public.channels where id = $1',
  team: 'select id as team_id from public.teams where id = $1',
};

/**
 * What somebody may listen to: exactly what row-level security lets them read. The team is what the right depends on:
 * when its members change, it is asked again.
 */
export class Access {
  readonly #db: Database;
  #changes = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * How often the members of any team have changed. A right that was read may have ended before it came to be used: whoever
   * finds another number then reads again.
   */
  get changes(): number {
    return this.#changes;
  }

  noteChange(): void {
    this.#changes += 1;
  }

  /** The team behind the topic, or null for whoever may not see it. */
  async teamOf(session: Session, topic: ParsedTopic): Promise<string | null> {
    const [row] = await this.#read(session, (sql) => sql.query<{ team_id: string }>(TEAM_OF[topic.kind], [topic.id]));
    return row?.team_id ?? null;
  }

  /** Those of the topics that the person may (still) see. */
  async visible(session: Session, topics: readonly string[]): Promise<ReadonlySet<string>> {
    const seen = new Set<string>();
    await this.#read(session, async (sql) => {
      for (const topic of topics) {
        const { kind, id } = parseTopic(topic);
        const rows = await sql.query(TEAM_OF[kind], [id]);
        if (rows.length > 0) seen.add(topic);
      }
    });
    return seen;
  }

  async membersOf(teamId: string): Promise<ReadonlySet<string>> {
    const rows = await this.#db.once<{ user_id: string }>(
      'select user_id from public.team_members where team_id = $1',
      [teamId],
    );
    return new Set(rows.map((row) => row.user_id));
  }

  #read<T>(session: Session, run: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#db.readAs({ sub: session.user.id, isAnonymous: session.principal.isAnonymous }, run);
  }
}
