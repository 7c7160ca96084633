import type { Keys } from './keys.ts';
import type { MediaPorts, PortRange } from './ports.ts';

/** Nobody listens there (discard, RFC 863): a STUN server that is asked for nothing. */
const NO_STUN = '127.0.0.1:9';

/** Of the events that it could tell of: each of the others would be a request for nothing, several for each track. */
const TOLD = ['participant_joined', 'participant_left', 'participant_connection_aborted', 'room_finished'];

interface Where {
  /** Only pages on this machine are served. */
  readonly loopback: boolean;
  /** The one address that this server listens on; null for all of them. */
  readonly address: string | null;
  /** Where it tells of its rooms. */
  readonly webhook: string;
  /** `stun:` addresses of the installation: how it learns its public address behind a NAT. */
  readonly stunUrls: readonly string[];
  /** Null for the one port that all come through: what a firewall is opened for most easily (decision 0060). */
  readonly udpPorts: PortRange | null;
}

/**
 * The configuration of our own LiveKit, in JSON, which is YAML (livekit-server's config-sample.yaml names each value). It goes
 * through the environment (`LIVEKIT_CONFIG`): on the command line everybody on the machine could read the secret.
 */
export function liveKitConfig(keys: Keys, ports: MediaPorts, where: Where): string {
  const { loopback, address, webhook, stunUrls, udpPorts } = where;
  const nodeIp = loopback ? '127.0.0.1' : address;
  return JSON.stringify({
    port: ports.http,
    // Clients come through the server's own port (`proxy.ts`).
    bind_addresses: ['127.0.0.1'],
    rtc: {
      // It would listen on all addresses, whatever else is said; on this machine UDP always gets through.
      tcp_port: loopback ? 0 : ports.tcp,
      ...(udpPorts === null
        ? { udp_port: ports.udp }
        : { port_range_start: udpPorts.from, port_range_end: udpPorts.to }),
      use_external_ip: false,
      // Left out, Google's and Twilio's would be asked, and named to clients.
      stun_servers: stunUrls.length === 0 ? [NO_STUN] : stunUrls.map(hostAndPort),
      ...(nodeIp === null ? {} : { node_ip: nodeIp }),
      ...(loopback ? { enable_loopback_candidate: true, interfaces: { includes: ['lo', 'lo0'] } } : {}),
    },
    keys: { [keys.key]: keys.secret },
    webhook: { api_key: keys.key, urls: [webhook], filter_params: { include_events: TOLD } },
    // The server makes them when it gives the first token (`livekit.ts`).
    room: { auto_create: false },
    logging: { level: 'info', json: true, pion_level: 'error' },
  });
}

/** Of a `stun:` address, whose port is 3478 where none is named (RFC 7064). */
function hostAndPort(url: string): string {
  const rest = url.replace(/^stuns?:/i, '');
  return /:\d+$/.test(rest) ? rest : `${rest}:3478`;
}
