import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A load balancer: each connection goes to the one of some servers that has the fewest, of several to the next in turn; or to a preferred one
 * for as long as that is there.
 */
export class RoundRobin {
  readonly #server: Server;
  readonly #targets: readonly number[];
  readonly #prefers: number | undefined;
  readonly #open = new Set<Socket>();
  readonly #taken = new Map<number, number>();
  #next = 0;

  private constructor(targets: readonly number[], prefers: number | undefined) {
    this.#targets = targets;
    this.#prefers = prefers;
    this.#server = createServer((from) => this.#pass(from, this.#inOrder()));
  }

  /** @param targets ports of this machine @param prefers one of them */
  static async start(targets: readonly number[], prefers?: number): Promise<RoundRobin> {
    const balancer = new RoundRobin(targets, prefers);
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

  #inOrder(): readonly number[] {
    const first = this.#next++ % this.#targets.length;
    const inTurn = [...this.#targets.slice(first), ...this.#targets.slice(0, first)];
    const isPreferred = (port: number) => Number(port === this.#prefers);
    return inTurn.sort((one, other) => isPreferred(other) - isPreferred(one) || this.at(one) - this.at(other));
  }

  #pass(from: Socket, [target, ...others]: readonly number[]): void {
    if (target === undefined) {
      from.destroy();
      return;
    }
    const to = connect(target, '127.0.0.1');
    const refused = () => this.#pass(from, others);
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
