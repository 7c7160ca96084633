import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededDataDir } from './paths.ts';
import { ParleyServer } from './server.ts';

/** A server on a data folder of its own, for one test. */
interface OneServer {
  readonly server: ParleyServer;
  /** Stops it, and takes its folder away. */
  end(): Promise<void>;
}

async function startOne(env: Record<string, string>): Promise<OneServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-e2e-'));
  await cp(seededDataDir, dataDir, { recursive: true });
  const server = await ParleyServer.start({ dataDir, env });
  const end = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { server, end };
}

/**
 * Starts the server of the next test while this one runs: it takes seconds, in which nothing else could go on. A test that
 * wants settings of its own waits for its own.
 */
export class SpareServer {
  #next: Promise<OneServer> | null = null;
  readonly #ending = new Set<Promise<void>>();

  async take(env: Record<string, string>): Promise<OneServer> {
    const ordinary = Object.keys(env).length === 0;
    const one = ordinary && this.#next !== null ? await this.#next : await startOne(env);
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
    this.#next = startOne({});
    // Whoever takes it hears of a failure.
    this.#next.catch(() => undefined);
  }

  async dispose(): Promise<void> {
    const next = await this.#next?.catch(() => null);
    await Promise.all([next?.end(), ...this.#ending]);
  }
}
