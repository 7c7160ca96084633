import { CLOSE } from '@parley/protocol';
import { Access } from './access.ts';
import { BOUNDS } from './bounds.ts';
import { Client } from './client.ts';
import type { HubContext, HubDeps } from './context.ts';
import { createDelivery } from './delivery.ts';
import { drain } from './drain.ts';
import { Heartbeat } from './heartbeat.ts';
import { LiveCalls } from './live-calls.ts';
import { Presence } from './presence.ts';
import { PresenceBatches } from './presence-batches.ts';
import { Registry } from './registry.ts';
import { createRoster } from './remote-sockets.ts';
import type { SocketHandle, SocketLike } from './socket.ts';
import { StandingWatch } from './standing-watch.ts';
import { Turns } from './turns.ts';

export type { HubDeps } from './context.ts';

export interface Hub {
  connect(socket: SocketLike): SocketHandle;
  /**
   * Sends the sockets away, each when its commands are answered, and takes no new ones. Where there are other nodes they go one after
   * the other, so that those do not get all of them in one moment. Resolves when they are gone, or the time is over.
   */
  drain(withinMs: number): Promise<void>;
  /** Closes every socket with `goingAway` and stops all timers. */
  stop(): void;
  stats(): { readonly sockets: number; readonly people: number; readonly liveCalls: number; readonly nodes: number };
}

/** Between two sockets that are sent to other nodes, in milliseconds. */
const SPREAD_MS = 5;

/** The realtime side of one process: sockets on one hand, the fan-out on the other. */
export function createHub(deps: HubDeps): Hub {
  const registry = new Registry();
  const live = new LiveCalls();
  const clients = new Set<Client>();
  const serverTime = () => new Date(deps.clock.now() + deps.clock.skewMs()).toISOString();
  const batches = new PresenceBatches(registry, deps.timers);
  const presence = new Presence({
    timers: deps.timers,
    graceMs: BOUNDS.presenceGraceMs,
    emit: (teamId, kind, people) => batches.tell(teamId, kind, people),
  });
  const heartbeat = new Heartbeat({
    registry,
    live,
    calls: deps.calls,
    settings: deps.settings,
    timers: deps.timers,
    now: deps.clock.now,
    serverTime,
    onSilent: (session) => session.connection.close(CLOSE.heartbeat, 'no answer to pings'),
    log: deps.log,
  });
  const { standing, timers, log } = deps;
  const watch = standing === undefined ? null : new StandingWatch({ registry, standing, timers, log });
  const context: HubContext = {
    deps,
    registry,
    live,
    presence,
    access: new Access(deps.db),
    heartbeat,
    welcomes: new Turns(BOUNDS.welcomesAtOnce),
    roster: createRoster(deps, { registry, live, presence }),
    serverTime,
  };
  let draining = false;
  const unsubscribe = deps.fanout.subscribe(createDelivery(context));

  return {
    connect: (socket) => {
      const client = new Client(context, socket, () => clients.delete(client));
      clients.add(client);
      if (draining) client.close(CLOSE.goingAway, 'the server stops');
      return client;
    },
    drain: async (withinMs) => {
      draining = true;
      const spreadMs = context.roster?.peers ? Math.min(clients.size * SPREAD_MS, withinMs / 2) : 0;
      await drain(clients, { spreadMs, withinMs, timers });
      await heartbeat.flush();
    },
    stop: () => {
      unsubscribe();
      heartbeat.stop();
      watch?.stop();
      context.roster?.stop();
      for (const client of [...clients]) client.close(CLOSE.goingAway, 'the server stops');
      presence.stop();
    },
    stats: () => ({
      sockets: registry.size,
      people: registry.people,
      liveCalls: live.size,
      nodes: 1 + (context.roster?.peers ?? 0),
    }),
  };
}
