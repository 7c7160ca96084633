import type { Keys } from './keys.ts';
import type { MediaPorts } from './ports.ts';

/**
 * The configuration of our own LiveKit, in JSON, which is YAML (livekit-server's config-sample.yaml names each value). It goes
 * through the environment (`LIVEKIT_CONFIG`): on the command line everybody on the machine could read the secret.
 * @param where.loopback only pages on this machine are served
 * @param where.address the one address that this server listens on; null for all of them
 */
export function liveKitConfig(
  keys: Keys,
  ports: MediaPorts,
  where: { readonly loopback: boolean; readonly address: string | null; readonly webhook: string },
): string {
  const nodeIp = where.loopback ? '127.0.0.1' : where.address;
  return JSON.stringify({
    port: ports.http,
    // Clients come through the server's own port (`proxy.ts`).
    bind_addresses: ['127.0.0.1'],
    rtc: {
      tcp_port: ports.tcp,
      udp_port: ports.udp,
      use_external_ip: false,
      ...(nodeIp === null ? {} : { node_ip: nodeIp }),
      ...(where.loopback ? { enable_loopback_candidate: true, interfaces: { includes: ['lo', 'lo0'] } } : {}),
    },
    keys: { [keys.key]: keys.secret },
    webhook: { api_key: keys.key, urls: [where.webhook] },
    // The server makes them when it gives the first token (`livekit.ts`).
    room: { auto_create: false },
    logging: { level: 'info', json: true, pion_level: 'error' },
  });
}
