import pg from 'pg';
import type { Database } from '../../ports/database.ts';
import type { FanoutPath, FanoutPathListener } from '../../ports/fanout-path.ts';
import { Parts, toParts } from './notify-parts.ts';

/** Between two tries to connect, the first and the longest, in milliseconds. */
const FIRST_MS = 100;
const MOST_MS = 2_000;
/** How often the connection is tried, and how long the answer may take, in milliseconds. */
const PROBE_MS = 5_000;
const ANSWER_MS = 3_000;

/**
 * LISTEN and NOTIFY: one connection for each process, however many people it serves. What was sent while it was broken is gone.
 * What is sent goes by the pool, a batch in one statement.
 */
export function createPostgresPath(connectionString: string, db: Database): FanoutPath {
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let tries = 0;

  function connect(channels: readonly string[], on: FanoutPathListener): void {
    if (closed) return;
    const parts = new Parts();
    const mine = new pg.Client({
      connectionString,
      connectionTimeoutMillis: 5_000,
      query_timeout: ANSWER_MS,
      keepAlive: true,
      application_name: 'parley-listen',
    });
    client = mine;
    let over = false;
    const lost = () => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      on.state(false);
      mine.end().catch(() => undefined);
      if (closed) return;
      // Some jitter: a database that is back is not asked by all nodes in the same moment.
      const pause = Math.min(FIRST_MS * 2 ** tries, MOST_MS) * (0.5 + Math.random() / 2);
      tries += 1;
      timer = setTimeout(() => connect(channels, on), pause);
    };
    const probe = () => {
      timer = setTimeout(() => mine.query('select 1').then(probe, lost), PROBE_MS);
    };
    mine.on('error', lost);
    mine.on('end', lost);
    mine.on('notification', ({ payload }) => {
      const text = parts.take(payload ?? '');
      if (text !== null) on.text(text);
    });
    const begin = async () => {
      await mine.connect();
      await mine.query(channels.map((channel) => `listen ${pg.escapeIdentifier(channel)}`).join('; '));
      if (over) return;
      tries = 0;
      on.state(true);
      probe();
    };
    begin().catch(lost);
  }

  return {
    open: connect,
    send: async (parcels) => {
      const rows = parcels.flatMap(({ channel, text }) => toParts(text).map((part) => ({ channel, part })));
      await db.once(
        'select pg_notify(w.channel, w.part) from unnest($1::text[], $2::text[]) with ordinality as w (channel, part, at) order by w.at',
        [rows.map(({ channel }) => channel), rows.map(({ part }) => part)],
      );
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      // A server that is gone does not say goodbye.
      const farewell = client?.end().catch(() => undefined);
      await Promise.race([farewell, new Promise<void>((resolve) => setTimeout(resolve, 500).unref())]);
    },
  };
}
