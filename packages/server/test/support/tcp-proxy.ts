import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** Between a client and a server on this machine. Connections that were muted stay open and bring nothing any more; new ones do. */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs: Set<readonly [Socket, Socket]>;
  /** How many connections were ever taken. */
  get taken(): number {
    return this.#taken();
  }
  readonly #taken: () => number;

  private constructor(server: Server, port: number, pairs: Set<readonly [Socket, Socket]>, taken: () => number) {
    this.#server = server;
    this.port = port;
    this.#pairs = pairs;
    this.#taken = taken;
  }

  static async start(target: number): Promise<TcpProxy> {
    const pairs = new Set<readonly [Socket, Socket]>();
    let taken = 0;
    const server = createServer((near) => {
      taken += 1;
      const far = createConnection({ host: '127.0.0.1', port: target });
      const pair = [near, far] as const;
      pairs.add(pair);
      for (const socket of pair) {
        socket.on('error', () => {});
        socket.on('close', () => {
          pairs.delete(pair);
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far);
      far.pipe(near);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a proxy has a port');
    return new TcpProxy(server, address.port, pairs, () => taken);
  }

  get open(): number {
    return this.#pairs.size;
  }

  /** As where a firewall has forgotten them: what is written is taken, and nobody answers. */
  mute(): void {
    for (const [near, far] of this.#pairs) {
      near.unpipe(far);
      far.unpipe(near);
      near.resume();
      far.resume();
    }
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const [near] of this.#pairs) near.destroy();
    await closed;
  }
}
