import type { IncomingMessage } from 'node:http';
import type { Hono } from 'hono';
import packageJson from '../../package.json' with { type: 'json' };
import { createApp } from '../http/app.ts';
import { callRoutes } from '../http/call-routes.ts';
import type { AppEnv } from '../http/env.ts';
import { notificationRoutes } from '../http/notification-routes.ts';
import { createBuiltInIdentity } from '../identity/built-in.ts';
import { createForeignVerifier } from '../identity/foreign.ts';
import { createGuestIdentity } from '../identity/guest-tokens.ts';
import { createStanding, withStanding } from '../identity/standing.ts';
import { unlimitedCalls } from '../ports/call-limits.ts';
import { type ServerClock, systemClock } from '../ports/clock.ts';
import type { Database } from '../ports/database.ts';
import type { Logger } from '../ports/logger.ts';
import type { PasswordHasher } from '../ports/passwords.ts';
import { unlimitedAccounts } from '../ports/rate-limits.ts';
import type { Settings } from '../ports/settings.ts';
import { systemTimers } from '../ports/timers.ts';
import { createLocalFanout, fanoutPublisher } from '../realtime/fanout.ts';
import { createHub, type Hub } from '../realtime/hub.ts';
import { createCallDoor } from '../usecases/call-door.ts';
import { createCallUseCases } from '../usecases/calls.ts';
import { createMediaEffects } from '../usecases/media-effects.ts';
import { createMediaLedger } from '../usecases/media-ledger.ts';
import { createMediaMoves } from '../usecases/media-moves.ts';
import { createSweeper } from '../usecases/sweep.ts';
import type { CallDeps } from '../usecases/types.ts';
import { clientAddress, localUrl } from './addresses.ts';
import type { Config } from './config.ts';
import { findDemoPeople, openDemo } from './demo.ts';
import { createMetrics } from './metrics.ts';
import { createPasswordHasher } from './password-hash.ts';
import { createRateLimits } from './rate-limits.ts';
import { createMediaWatch } from './sfu/media-watch.ts';
import { type LiveKitSettings, type ProvidedMedia, provideMedia } from './sfu/provide.ts';
import { whyRefused } from './sfu/why.ts';
import { createStatic } from './static.ts';
import { Stop } from './stop.ts';

export interface ParleyServer {
  readonly app: Hono<AppEnv>;
  readonly hub: Hub;
  /** Null where group calls have no media server. */
  readonly media: ProvidedMedia | null;
  /** Says that it is not ready any more, and sends the sockets elsewhere; requests are answered all the same. */
  drain(withinMs: number): Promise<void>;
  /** Waits for what is being written. The database stays open. */
  stop(): Promise<void>;
}

/** Puts the parts together over an open database. `port` is the one that was got. */
export async function compose(
  config: Config,
  parts: { db: Database; port: number; log: Logger; clock?: ServerClock; passwords?: PasswordHasher },
): Promise<ParleyServer> {
  const { db, port, log } = parts;
  const clock = parts.clock ?? systemClock;
  const passwords = parts.passwords ?? createPasswordHasher();
  const foreign = config.foreign === null ? null : createForeignVerifier({ db, clock }, config.foreign);
  const local = createLocalFanout();
  const redis = config.redisUrl === null ? null : (await import('./redis.ts')).openRedis(config.redisUrl, log);
  const nodes =
    redis === null || config.databaseUrl === null
      ? null
      : await (await import('./nodes/join-nodes.ts')).joinNodes({
          db,
          databaseUrl: config.databaseUrl,
          redis,
          local,
          clock,
          timers: systemTimers,
          log,
        });
  const fanout = nodes?.fanout ?? local;
  const publisher = fanoutPublisher(fanout);
  const onEnded = (userId: string, sessionId: string | null) => publisher.disconnect(userId, 'signed_out', sessionId);
  const identity =
    foreign === null ? await createBuiltInIdentity({ db, clock, passwords, onEnded }).catch(withoutTables) : null;
  const signatures = foreign ?? identity?.verifier;
  if (signatures === undefined) throw new Error('Nobody verifies tokens.');
  const standing = createStanding({ db, clock }, identity !== null);
  const guests = await createGuestIdentity(db, clock).catch(withoutGuests);
  const verifier = withStanding(guests?.beside(signatures) ?? signatures, standing, clock);
  const demo = await openDemo(db, config, identity);
  const settings: Settings = { ...config.rules, publicUrl: config.publicUrl ?? localUrl(config, port), demo };

  const metrics = createMetrics();
  if (nodes !== null && config.liveKit.kind === 'own') {
    log.warn(
      {},
      'REDIS_URL is set without LIVEKIT_URL: groups of up to four are a mesh, since each node would have a media server of its own',
    );
  }
  const liveKit: LiveKitSettings = nodes !== null && config.liveKit.kind === 'own' ? { kind: 'off' } : config.liveKit;
  const media = provideMedia(liveKit, {
    dataDir: config.dataDir,
    host: config.host,
    loopback: config.loopback,
    publicUrl: config.publicUrl,
    localUrl: localUrl(config, port),
    stunUrls: settings.stunUrls,
    log,
    say: (line) => process.stdout.write(`${line}\n`),
  });
  const limits = settings.rateLimits ? createRateLimits(redis) : { ...unlimitedAccounts, ...unlimitedCalls };
  const mediaEffects = media && createMediaEffects({ db, media: media.server, log });
  const callDeps: CallDeps = {
    db,
    publisher,
    settings,
    clock,
    log,
    limits,
    media: media?.server ?? null,
    mediaEffects,
    observer: metrics.calls,
  };
  const calls = createCallUseCases(callDeps);
  const door = createCallDoor(callDeps, calls, guests?.tokens ?? null);
  const hub = createHub({
    db,
    verifier,
    standing,
    calls,
    fanout,
    nodes: nodes?.fanout ?? null,
    settings,
    clock,
    timers: systemTimers,
    log,
  });
  const sweeper = createSweeper({ calls, door, fanout, clock, timers: systemTimers, log });
  metrics.gauge('parley_sockets', 'Sockets that said hello.', () => hub.stats().sockets);
  metrics.gauge('parley_people_online', 'People with a socket.', () => hub.stats().people);
  metrics.gauge(
    'parley_nodes',
    'Server processes, this one included, that hear of each other.',
    () => hub.stats().nodes,
  );
  if (nodes !== null) {
    metrics.gauge('parley_redis_carries', '1 while nodes are told by Redis, 0 while Postgres does it.', () =>
      nodes.fanout.redis ? 1 : 0,
    );
  }
  metrics.gauge('parley_live_calls', 'Live calls that this process knows of.', () => hub.stats().liveCalls);

  const mediaWatch =
    media &&
    mediaEffects &&
    createMediaWatch({
      ledger: createMediaLedger({ ...callDeps, media: media.server, mediaEffects }),
      moves: createMediaMoves(callDeps),
      state: media.server.state,
      timers: systemTimers,
      random: Math.random,
      log,
    });
  let draining = false;
  const pages = createStatic(config.webDir);
  const refusal = media === null ? null : whyRefused(media.target);
  const app = createApp(
    {
      db,
      verifier,
      publisher,
      settings,
      clock,
      log,
      metrics: metrics.http,
      accountLimits: limits,
      calls,
      door,
      identity,
      addressOf: (c) => clientAddress((c.env as { incoming: IncomingMessage }).incoming, config.trustedProxies),
      demoPeople: demo ? await findDemoPeople(db) : [],
      version: packageJson.version,
      corsOrigins: config.corsOrigins,
      metricsText: metrics.text,
      mediaServer: media?.server ?? null,
      draining: () => draining,
      ...(mediaWatch === null ? {} : { mediaEvents: mediaWatch.event }),
    },
    [
      { path: '/api/calls', routes: callRoutes({ calls, door }) },
      { path: '/api/notifications', routes: notificationRoutes({ calls }) },
    ],
    async (request) => (await refusal?.(request)) ?? pages(request),
  );
  nodes?.start();
  await sweeper.start();
  mediaWatch?.start();

  const drain = async (withinMs: number) => {
    draining = true;
    await hub.drain(withinMs);
    hub.stop();
    await media?.stop();
  };

  return {
    app,
    hub,
    media,
    drain,
    async stop() {
      await drain(0);
      await sweeper.stop();
      await mediaWatch?.stop();
      await nodes?.stop();
      await redis?.close();
    },
  };
}

/** Nor are there guests then: the key of their tokens has no table. */
function withoutGuests(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === '42P01') return null;
  throw error;
}

/** In somebody's own Supabase project accounts are kept by Supabase. */
function withoutTables(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === '42P01') {
    throw new Stop(
      'This database belongs to Supabase, which keeps the accounts: set AUTH_JWKS_URL or AUTH_JWT_SECRET.',
    );
  }
  throw error;
}
