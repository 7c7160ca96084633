import { randomUUID } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import pg from 'pg';

const adminUrl = process.env.TEST_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 3000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** @returns why there is no Postgres to be had, or null */
export const missingPostgres = (): Promise<string | null> =>
  asAdmin('select 1').then(
    () => null,
    (error: unknown) => `no Postgres: ${error instanceof Error ? error.message : String(error)}`,
  );

/** An empty database of a real Postgres for one test, at the end of a line that the test can cut. */
export class DistantDatabase {
  /** Where a server reaches it: through the line. */
  readonly url: string;
  readonly #name: string;
  readonly #line: Server;
  readonly #open: Set<Socket>;
  #isCut = false;

  private constructor(name: string, line: Server, open: Set<Socket>, url: string) {
    this.#name = name;
    this.#line = line;
    this.#open = open;
    this.url = url;
  }

  static async create(): Promise<DistantDatabase> {
    const name = `parley_e2e_${randomUUID().replaceAll('-', '')}`;
    await asAdmin(`create database ${name}`);
    const end = new URL(adminUrl);
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
    const url = new URL(adminUrl);
    url.host = `127.0.0.1:${address.port}`;
    url.pathname = `/${name}`;
    const database = new DistantDatabase(name, line, open, url.href);
    return database;
  }

  /** What is in it, asked past the line. */
  async rows<R extends object>(query: string, values: readonly unknown[] = []): Promise<R[]> {
    const url = new URL(adminUrl);
    url.pathname = `/${this.#name}`;
    const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 3000 });
    await client.connect();
    try {
      return (await client.query<R>(query, [...values])).rows;
    } finally {
      await client.end();
    }
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
    await asAdmin(`drop database if exists ${this.#name} with (force)`);
  }
}
