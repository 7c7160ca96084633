import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

export interface MediaPorts {
  /** Signalling and the server's own requests (TCP), on a loopback address. */
  readonly http: number;
  /** Media over UDP, all people through this one port. */
  readonly udp: number;
  /** Media over TCP, for networks without UDP. */
  readonly tcp: number;
}

/** Both ends belong to it. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** LiveKit's own, so that whoever opens a firewall knows what for. */
const USUAL: MediaPorts = { http: 7880, tcp: 7881, udp: 7882 };

/** These ports where they are free, else others: several servers may run on one machine. */
export async function freePorts(host: string, wanted: MediaPorts = USUAL): Promise<MediaPorts> {
  return {
    http: (await freeTcp(wanted.http, '127.0.0.1')) ?? (await freeTcp(0, '127.0.0.1')) ?? 0,
    // LiveKit takes this one on all addresses.
    tcp: (await freeTcp(wanted.tcp)) ?? (await freeTcp(0)) ?? 0,
    udp: (await freeUdp(wanted.udp, host)) ?? (await freeUdp(0, host)) ?? 0,
  };
}

function freeTcp(port: number, host?: string): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, ...(host === undefined ? {} : { host }), exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}

function freeUdp(port: number, host: string): Promise<number | null> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => resolve(null));
    socket.bind({ port, address: host, exclusive: true }, () => {
      const { port: got } = socket.address();
      socket.close(() => resolve(got));
    });
  });
}
