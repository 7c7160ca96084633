import { connect, createServer, type Server, type Socket } from 'node:net';
import { ask, newDatabase, type OwnDatabase, postgresUrl } from './own-database.ts';
import { seededDatabase } from './seeded-database.ts';

/** The demo team's database at a real Postgres for one test, at the end of a line that the test can cut. */
export class DistantDatabase {
  /** Where a server reaches it: through the line. */
  readonly url: string;
  readonly #own: OwnDatabase;
  readonly #line: Server;
  readonly #open: Set<Socket>;
  #isCut = false;

  private constructor(own: OwnDatabase, line: Server, open: Set<Socket>, url: string) {
    this.#own = own;
    this.#line = line;
    this.#open = open;
    this.url = url;
  }

  static async create(): Promise<DistantDatabase> {
    const own = await newDatabase(postgresUrl, await seededDatabase());
    const end = new URL(own.url);
    const open = new Set<Socket>();
    const line = createServer((near) => {
      if (database.#isCut) return near.destroy();
      const far = connect(Number(end.port || 5432), end.hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        open.add(one);
        one.pipe(other);
        // Whichever way it ends, the other half ends with it.
        one
          .on('error', () => other.destroy())
          .on('close', () => {
            open.delete(one);
            other.destroy();
          });
      }
    });
    await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
    const address = line.address();
    if (address === null || typeof address === 'string') throw new Error('The line has no port.');
    const url = new URL(own.url);
    url.host = `127.0.0.1:${address.port}`;
    const database = new DistantDatabase(own, line, open, url.href);
    return database;
  }

  /** What is in it, asked past the line. */
  rows<R extends object>(query: string, values: readonly unknown[] = []): Promise<R[]> {
    return ask<R>(this.#own.url, query, values);
  }

  /** From now on nobody gets through, and whoever was connected is not any more. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#open) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async drop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#line.close(resolve));
    await this.#own.drop();
  }
}
