import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../../ports/logger.ts';
import type { MediaServer, MediaServerState } from '../../ports/media-server.ts';
import { findLiveKit } from './binary.ts';
import { type Supervised, supervise } from './child.ts';
import { ownKeys } from './keys.ts';
import { createLiveKit, isRefusal } from './livekit.ts';
import { liveKitConfig } from './livekit-config.ts';
import { freePorts, type MediaPorts, type PortRange } from './ports.ts';
import { MEDIA_PATH } from './proxy.ts';

/** How often a starting media server is asked whether it is there, and a running one whether it still is, in milliseconds. */
const KNOCK_MS = { first: 100, most: 2_000 } as const;
const LOOK_MS = 5_000;

/** What the environment says of group calls. */
export type LiveKitSettings =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'given';
      readonly url: string;
      readonly publicUrl: string;
      readonly key: string;
      readonly secret: string;
    }
  | {
      readonly kind: 'own';
      readonly cacheDir: string | null;
      readonly releases: string | null;
      /** Of which each person gets some of their own; null for one port that all come through. */
      readonly udpPorts: PortRange | null;
    };

interface Around {
  readonly dataDir: string;
  readonly host: string;
  readonly loopback: boolean;
  /** Origin under which the app is reached; null where nobody said. */
  readonly publicUrl: string | null;
  /** Of this server itself, on this machine. */
  readonly localUrl: string;
  /** `stun:` addresses, from TURN_URLS. */
  readonly stunUrls: readonly string[];
  readonly log: Logger;
  /** A line for whoever started the program. */
  say(line: string): void;
}

export interface ProvidedMedia {
  readonly server: MediaServer;
  /** Where sockets under `MEDIA_PATH` go; null where clients find the media server by themselves. */
  target(): URL | null;
  stop(): Promise<void>;
}

/** Group calls' media server, as the environment wants it. Waits for nothing: its state says how far it is. */
export function provideMedia(settings: LiveKitSettings, around: Around): ProvidedMedia | null {
  if (settings.kind === 'off') return null;
  return settings.kind === 'given' ? given(settings, around) : own(settings, around);
}

const asHttp = (url: string): string => url.replace(/^ws/, 'http').replace(/\/$/, '');
const asWs = (url: string): string => url.replace(/^http/, 'ws').replace(/\/$/, '');

function given(settings: Extract<LiveKitSettings, { kind: 'given' }>, { log, say }: Around): ProvidedMedia {
  const url = asHttp(settings.url);
  let told = false;
  // Asked for a room that is not there: this needs the keys, which a mere greeting would not.
  const isThere = () =>
    server.members('-').then(
      () => true,
      (error: unknown) => {
        if (isRefusal(error) && !told) {
          told = true;
          say(
            `The media server at ${url} does not take LIVEKIT_API_KEY with LIVEKIT_API_SECRET: there are no group calls.`,
          );
        }
        return false;
      },
    );
  const server = createLiveKit({
    keys: settings,
    serverUrl: () => url,
    publicUrl: () => settings.publicUrl,
    state: () => watch.state(),
  });
  const watch = watchOver(isThere, log);
  return { server, target: () => null, stop: async () => watch.stop() };
}

function own(settings: Extract<LiveKitSettings, { kind: 'own' }>, around: Around): ProvidedMedia {
  const { dataDir, host, loopback, log } = around;
  const keys = ownKeys(dataDir);
  const aborter = new AbortController();
  let ports: MediaPorts | null = null;
  let child: Supervised | null = null;
  let absent = false;
  let up = false;
  const url = () => (ports === null || !up ? null : `http://127.0.0.1:${ports.http}`);
  const watch = watchOver(() => answers(url()), log);
  const everywhere = host === '0.0.0.0' || host === '::';

  const begin = async () => {
    const file = await findLiveKit({ ...settings, say: around.say, signal: aborter.signal });
    mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
    if (aborter.signal.aborted) return;
    child = supervise({
      command: async () => {
        // Those of before, where they are free: whoever is in a call comes back to them.
        const at = loopback ? '127.0.0.1' : host;
        ports = (ports && (await stillFree(ports, at, settings.udpPorts === null))) ?? (await freePorts(at));
        const config = liveKitConfig(keys, ports, {
          loopback,
          address: loopback || everywhere ? null : host,
          webhook: `${around.localUrl}/api/media/webhook`,
          stunUrls: around.stunUrls,
          udpPorts: settings.udpPorts,
        });
        // Not our own environment: our secrets are none of its business. `PARLEY_TEST_RUN` is how the tests find what they left.
        const { PATH, HOME, TMPDIR, PARLEY_TEST_RUN } = process.env;
        return { file, args: [], env: { PATH, HOME, TMPDIR, PARLEY_TEST_RUN, LIVEKIT_CONFIG: config } };
      },
      logFile: join(dataDir, 'logs', 'livekit.log'),
      onStart: () => {
        up = true;
        watch.look();
      },
      onEnd: (pause) => {
        up = false;
        watch.look();
        log.warn({ pause }, 'The media server ended; it is started again');
      },
    });
  };
  const beginning = begin().catch((error: unknown) => {
    if (aborter.signal.aborted) return;
    absent = true;
    const reason = error instanceof Error ? error.message : String(error);
    around.say(
      `No media server for group calls could be had: ${reason}. Calls of up to four people go directly between them. ` +
        'Set LIVEKIT_URL, or put livekit-server on the PATH (docs/livekit.md).',
    );
  });

  return {
    server: createLiveKit({
      keys,
      serverUrl: url,
      publicUrl: () => (absent ? null : `${asWs(around.publicUrl ?? '')}${MEDIA_PATH}`),
      state: () => (absent ? 'absent' : watch.state()),
    }),
    target: () => {
      const at = url();
      return at === null ? null : new URL(at);
    },
    async stop() {
      aborter.abort();
      watch.stop();
      await beginning;
      await child?.stop();
    },
  };
}

/** @param oneUdp all people come through one UDP port */
async function stillFree(ports: MediaPorts, host: string, oneUdp: boolean): Promise<MediaPorts | null> {
  const found = await freePorts(host, ports);
  return found.http === ports.http && found.tcp === ports.tcp && (found.udp === ports.udp || !oneUdp) ? ports : null;
}

const answers = async (url: string | null): Promise<boolean> =>
  url !== null &&
  fetch(url, { signal: AbortSignal.timeout(LOOK_MS) }).then(
    (response) => response.ok,
    () => false,
  );

/** Asks a LiveKit whether it is there: often until it is, then now and then. */
function watchOver(isThere: () => Promise<boolean>, log: Logger) {
  let state: MediaServerState = 'starting';
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let knock: number = KNOCK_MS.first;

  const look = async () => {
    clearTimeout(timer);
    const there = await isThere();
    if (stopped) return;
    const next = there ? 'ready' : 'starting';
    if (next !== state) log.info({ state: next }, 'Media server');
    state = next;
    knock = there ? KNOCK_MS.first : Math.min(knock * 1.3, KNOCK_MS.most);
    clearTimeout(timer);
    timer = setTimeout(() => void look(), there ? LOOK_MS : knock);
    timer.unref();
  };
  void look();
  return {
    state: () => state,
    look() {
      knock = KNOCK_MS.first;
      void look();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
