import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { liveKitConfig } from '../../packages/server/src/node/sfu/livekit-config.ts';
import type { MediaPorts, PortRange } from '../../packages/server/src/node/sfu/ports.ts';
import { KEYS, liveKitBinary } from '../../packages/server/test/support/livekit-node.ts';

export { KEYS };
/** Why there is none, in a sentence. */
export const mediaServerLack = (): string | undefined =>
  liveKitBinary === null
    ? 'no livekit-server on the PATH or in the cache: npm test and npm start provide it'
    : undefined;

type Start = (command: string, env: NodeJS.ProcessEnv) => ChildProcess;
const onThisMachine: Start = (command, env) => spawn(command, [], { env, stdio: 'ignore' });

/** A token of LiveKit (its `video` grant), as its server SDKs make it. */
function tokenOf(identity: string, grant: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: KEYS.key, sub: identity, nbf: now - 60, exp: now + 7200, video: grant };
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', KEYS.secret).update(text).digest('base64url')}`;
}

export const joinToken = (identity: string, room: string): string =>
  tokenOf(identity, { room, roomJoin: true, canPublish: true, canSubscribe: true });

/** LiveKit's own request; rooms are not made by whoever comes. @param at http:// of its API */
export async function makeRoom(at: string, name: string): Promise<void> {
  const answer = await fetch(`${at}/twirp/livekit.RoomService/CreateRoom`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf('bench', { roomCreate: true })}` },
    body: JSON.stringify({ name, empty_timeout: 3600, departure_timeout: 3600 }),
  });
  if (!answer.ok) throw new Error(`LiveKit makes no room: ${answer.status} ${await answer.text()}`);
}

/** Where a media server listens; the ports are LiveKit's own unless said. */
export interface Place {
  readonly address: string;
  readonly ports?: MediaPorts;
  /** As `PARLEY_MEDIA_UDP_PORTS`; all people come through one port unless said. */
  readonly udpPorts?: PortRange;
}

/** What Parley gives to its own media server, with an address at which others reach it. */
export function ourConfig(
  { address, ports = { http: 7880, tcp: 7881, udp: 7882 }, udpPorts }: Place,
  webhook: string,
): object {
  const where = { loopback: address.startsWith('127.'), address, webhook, stunUrls: [], udpPorts: udpPorts ?? null };
  const config = JSON.parse(liveKitConfig(KEYS, ports, where)) as object;
  return { ...config, bind_addresses: [...new Set([address, '127.0.0.1'])] };
}

/** Starts a LiveKit with this configuration. It is ready when something answers at its API: that is the caller's to wait for. */
export function startMediaServer(config: object, start: Start = onThisMachine): ChildProcess {
  if (liveKitBinary === null) throw new Error(mediaServerLack());
  const { PATH, HOME } = process.env;
  return start(liveKitBinary, { PATH, HOME, LIVEKIT_CONFIG: JSON.stringify(config) });
}
