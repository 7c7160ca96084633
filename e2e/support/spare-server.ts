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

/** Whether the next test is as likely as not to want one like it. */
export const isOrdinary = (env: Record<string, string>, keeps: Keeps): boolean =>
  Object.keys(env).length === 0 && keeps === 'postgres';

/**
 * Starts the server of the next test while this one runs: it takes seconds, in which nothing else could go on. A test that
 * wants settings of its own waits for its own.
 */
export class SpareServer {
  #next: Promise<OneServer> | null = null;
  readonly #ending = new Set<Promise<void>>();

  async take(env: Record<string, string>, keeps: Keeps): Promise<OneServer> {
    const ordinary = isOrdinary(env, keeps);
    const one = ordinary && this.#next !== null ? await this.#next : await startOne(env, keeps);
    if (ordinary) this.#next = null;
    return {
      server: one.server,
      // Nobody has to wait for the end of a server that is not needed any more: the next one is there.
      end: async () => {
        const ending: Promise<void> = one.end().finally(() => this.#ending.delete(ending));
        this.#ending.add(ending);
        ending.catch(() => undefined);
      },
    };
  }

  /** To be called when a test has its own. */
  prepare(): void {
    if (this.#next !== null) return;
    this.#next = startOne({}, 'postgres');
    // Whoever takes it hears of a failure.
    this.#next.catch(() => undefined);
  }

  async dispose(): Promise<void> {
    const next = await this.#next?.catch(() => null);
    await Promise.all([next?.end(), ...this.#ending]);
  }
}
