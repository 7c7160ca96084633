import { connect, createServer, type Socket } from 'node:net';

/** Frontend messages of the Postgres protocol that make the server work upon a statement: a simple query, and an execute. */
const QUERY = 0x51;
const EXECUTE = 0x45;
const HEAD = 5;

/** Stands between a server and its Postgres, and counts what is asked. */
export class QueryCounter {
  count = 0;
  readonly url: string;
  readonly #close: () => void;

  private constructor(url: string, close: () => void) {
    this.url = url;
    this.#close = close;
  }

  static async start(databaseUrl: string): Promise<QueryCounter> {
    const target = new URL(databaseUrl);
    const sockets = new Set<Socket>();
    let counter: QueryCounter | undefined;
    const server = createServer((near) => {
      const far = connect(Number(target.port || 5432), target.hostname);
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => sockets.delete(socket));
      }
      const read = reader(() => {
        if (counter) counter.count += 1;
      });
      near.on('data', read);
      near.pipe(far);
      far.pipe(near);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = new URL(databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String(typeof address === 'object' && address ? address.port : 0);
    counter = new QueryCounter(url.href, () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return counter;
  }

  close(): void {
    this.#close();
  }
}

/** Reads what a client sends: first a message without a kind, then messages of a kind and a length each. */
export function reader(onQuery: () => void): (chunk: Buffer) => void {
  let kept: Buffer = Buffer.alloc(0);
  let isStarted = false;
  return (chunk) => {
    kept = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    for (;;) {
      const head = isStarted ? HEAD : HEAD - 1;
      if (kept.length < head) return;
      const length = kept.readUInt32BE(head - 4) + (head - 4);
      if (kept.length < length) return;
      const kind = kept[0];
      if (isStarted && (kind === QUERY || kind === EXECUTE)) onQuery();
      isStarted = true;
      kept = kept.subarray(length);
    }
  };
}
