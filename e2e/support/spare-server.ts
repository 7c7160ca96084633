import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newDatabase, postgresUrl } from './own-database.ts';
import { seededDataDir } from './paths.ts';
import { seededDatabase } from './seeded-database.ts';
import { ParleyServer } from './server.ts';

/** Where a server keeps what it knows: as `npm start` does in a folder, or at a Postgres, which needs half the processor's time. */
export type Keeps = 'embedded' | 'postgres';

/** A server on a database of its own, for one test. */
interface OneServer {
  readonly server: ParleyServer;
  /** Stops it, and takes away what it kept. */
  end(): Promise<void>;
}

async function startOne(env: Record<string, string>, keeps: Keeps): Promise<OneServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-e2e-'));
  const template = keeps === 'postgres' && env.DATABASE_URL === undefined ? await seededDatabase() : undefined;
  const database = template === undefined ? undefined : await newDatabase(postgresUrl, template);
  if (database === undefined) await cp(seededDataDir, dataDir, { recursive: true });
  const own: Record<string, string> = database === undefined ? {} : { DATABASE_URL: database.url };
  const server = await ParleyServer.start({ dataDir, env: { ...own, ...env } });
  const end = async () => {
    await server.stop();
    await database?.drop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { server, end };
}

interface Spare {
  readonly key: string;
  readonly server: Promise<OneServer>;
}

const keyOf = (env: Record<string, string>, keeps: Keeps): string => JSON.stringify([env, keeps]);

/**
 * Starts the server of the next test while this one runs: it takes seconds, in which nothing else could go on. The next test mostly wants
 * the same settings, as those of one file do; one that was made in vain goes.
 */
export class SpareServer {
  #next: Spare | null = null;
  readonly #ending = new Set<Promise<void>>();

  async take(env: Record<string, string>, keeps: Keeps): Promise<OneServer> {
    const next = this.#next;
    this.#next = null;
    const fits = next?.key === keyOf(env, keeps);
    if (!fits) this.#giveUp(next);
    const one = await (next && fits ? next.server : startOne(env, keeps));
    return {
      server: one.server,
      // Nobody has to wait for the end of a server that is not needed any more: the next one is there.
      end: async () => this.#end(one.end()),
    };
  }

  /** To be called when a test has its own. */
  prepare(env: Record<string, string>, keeps: Keeps): void {
    // A database that somebody named belongs to one server at a time.
    if (this.#next !== null || env.DATABASE_URL !== undefined) return;
    const server = startOne(env, keeps);
    this.#next = { key: keyOf(env, keeps), server };
    // Whoever takes it hears of a failure.
    server.catch(() => undefined);
  }

  async dispose(): Promise<void> {
    this.#giveUp(this.#next);
    await Promise.all(this.#ending);
  }

  /** Nobody wants it, nor whether it has started. */
  #giveUp(spare: Spare | null): void {
    if (spare)
      this.#end(
        spare.server.then(
          (one) => one.end(),
          () => undefined,
        ),
      );
  }

  #end(ended: Promise<void>): void {
    const ending: Promise<void> = ended.finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    ending.catch(() => undefined);
  }
}
