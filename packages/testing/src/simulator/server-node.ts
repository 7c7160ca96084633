import { unlimitedCalls } from '@parley/server/src/ports/call-limits.ts';
import { EdgeError } from '@parley/server/src/ports/edge-error.ts';
import type { FanoutPath } from '@parley/server/src/ports/fanout-path.ts';
import type { Logger } from '@parley/server/src/ports/logger.ts';
import type { Settings } from '@parley/server/src/ports/settings.ts';
import { createLocalFanout, fanoutPublisher } from '@parley/server/src/realtime/fanout.ts';
import { createHub, type Hub } from '@parley/server/src/realtime/hub.ts';
import { createNodeFanout, type NodeFanout } from '@parley/server/src/realtime/node-fanout.ts';
import { createCallUseCases } from '@parley/server/src/usecases/calls.ts';
import { type CatchUp, createCatchUp } from '@parley/server/src/usecases/catch-up.ts';
import { createSweeper } from '@parley/server/src/usecases/sweep.ts';
import type { MemoryConnection } from './ledger/memory-database.ts';
import { createRestDoor, type RestAnswer, type RestRequest } from './rest-door.ts';
import type { Owner, Scheduler } from './scheduler.ts';

/** Shorter than in life, in the same proportions, so that a run is over sooner. */
export const SETTINGS: Settings = {
  ringTimeoutMs: 15_000,
  connectTimeoutMs: 20_000,
  heartbeatMs: 5_000,
  leaseMs: 15_000,
  publicUrl: 'http://parley.test',
  demo: false,
  rateLimits: false,
  stunUrls: [],
  turn: null,
};

const TOKEN_MS = 86_400_000;
/** As `main.ts` has it. */
const DRAIN_MS = 2_500;
/** Nobody knocks here. */
const NO_DOOR = { lapse: async () => undefined };

interface NodeOptions {
  readonly name: string;
  /** The process: what is its own dies with it. */
  readonly life: Owner;
  readonly scheduler: Scheduler;
  readonly db: MemoryConnection;
  /** Null where it is alone. */
  readonly paths: { readonly redis: FanoutPath; readonly postgres: FanoutPath } | null;
  /** By how much its own clock is off. */
  readonly skewMs: number;
  /** Something went wrong that has no answer of its own. */
  onFault(text: string): void;
}

/** One life of a server process: what a restart makes is another one. */
export class ServerNode implements Owner {
  readonly life: Owner;
  /** Takes connections. */
  ready = false;
  readonly name: string;
  readonly db: MemoryConnection;
  readonly hub: Hub;
  readonly rest: (request: RestRequest) => Promise<RestAnswer>;
  readonly #sweeper: ReturnType<typeof createSweeper>;
  /** As `join-nodes.ts` puts them together. */
  readonly #nodes: { readonly fanout: NodeFanout; readonly catchUp: CatchUp } | null;

  constructor({ name, life, scheduler, db, paths, skewMs, onFault }: NodeOptions) {
    this.name = name;
    this.life = life;
    this.db = db;
    const timers = scheduler.timers(life, skewMs);
    const clock = { now: timers.now, skewMs: () => 0 };
    const log: Logger = {
      info: () => undefined,
      warn: () => undefined,
      error: (fields, text) => onFault(`${name}: ${text}: ${JSON.stringify(fields)}`),
    };
    const local = createLocalFanout();
    const here = fanoutPublisher({ ...local, publish: (message) => local.deliver(message, 'ledger') });
    const node = crypto.randomUUID().replaceAll('-', '');
    const nodes = paths && createNodeFanout({ node, local, ...paths, timers, now: clock.now, log });
    this.#nodes = nodes && {
      fanout: nodes,
      catchUp: createCatchUp({ db, fanout: nodes, here, clock, timers, log }),
    };
    nodes?.onChange(() => this.#nodes?.catchUp.hint());
    const fanout = nodes ?? local;
    const publisher = fanoutPublisher(fanout);
    const deps = { db, publisher, settings: SETTINGS, clock, log, limits: unlimitedCalls };
    const calls = createCallUseCases(deps);
    // A token is its person's id.
    const verifier = {
      verify: async (token: string) => {
        if (!/^[0-9a-f-]{36}$/.test(token)) throw new EdgeError('token_invalid');
        return { userId: token, isAnonymous: false, expiresAt: clock.now() + TOKEN_MS };
      },
    };
    this.#sweeper = createSweeper({ calls, door: NO_DOOR, fanout, clock, timers, log });
    this.hub = createHub({ db, verifier, calls, fanout, nodes, settings: SETTINGS, clock, timers, log });
    this.rest = createRestDoor({ calls, verifier, log });
  }

  get alive(): boolean {
    return this.life.alive;
  }

  /** As the program does it: requests are taken once the first sweep is through. */
  async start(): Promise<void> {
    this.#nodes?.fanout.start();
    this.#nodes?.catchUp.start();
    await this.#sweeper.start();
    this.ready = true;
  }

  /** SIGTERM: sockets are told, and what is being written is waited for. */
  async stop(): Promise<void> {
    this.ready = false;
    await this.hub.drain(DRAIN_MS);
    this.hub.stop();
    await this.#sweeper.stop();
    await this.#nodes?.catchUp.stop();
    await this.#nodes?.fanout.stop();
  }

  /** SIGKILL. */
  kill(): void {
    this.life.alive = false;
    this.ready = false;
    this.db.kill();
  }
}
