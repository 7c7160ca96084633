import { connect, createServer, type Server, type Socket } from 'node:net';

/** A load balancer that knows nothing: each connection goes to the next of some servers that takes it. */
export class RoundRobin {
  readonly #server: Server;
  readonly #targets: readonly number[];
  readonly #open = new Set<Socket>();
  readonly #taken = new Map<number, number>();
  #next = 0;

  private constructor(targets: readonly number[]) {
    this.#targets = targets;
    this.#server = createServer((from) => this.#pass(from, targets.length));
  }

  /** @param targets ports of this machine */
  static async start(targets: readonly number[]): Promise<RoundRobin> {
    const balancer = new RoundRobin(targets);
    await new Promise<void>((resolve) => balancer.#server.listen(0, '127.0.0.1', resolve));
    return balancer;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('It does not listen.');
    return address.port;
  }

  /** How many connections a target has now. */
  at(target: number): number {
    return this.#taken.get(target) ?? 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(from: Socket, tries: number): void {
    const target = this.#targets[this.#next++ % this.#targets.length];
    if (target === undefined || tries === 0) {
      from.destroy();
      return;
    }
    const to = connect(target, '127.0.0.1');
    const refused = () => this.#pass(from, tries - 1);
    to.once('error', refused);
    to.once('connect', () => {
      to.off('error', refused);
      this.#taken.set(target, this.at(target) + 1);
      to.once('close', () => this.#taken.set(target, this.at(target) - 1));
      for (const [one, other] of [
        [from, to],
        [to, from],
      ] as const) {
        this.#open.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy());
        one.once('close', () => {
          this.#open.delete(one);
          other.destroy();
        });
      }
    });
  }
}
