import type { Netlab } from '../../tools/netlab/netlab.ts';

/** Somebody who has two ways into the network, of which one is open, as with Wi-Fi and a cellular modem. */
export interface TwoWays {
  /** The way that is open goes, with its address; there is none now. */
  cut(): Promise<void>;
  /** The other one comes, with another address. */
  change(): Promise<void>;
}

/** Gives `host` the interface of `spare` as its second one. */
export async function twoWays(lab: Netlab, host: string, spare: string): Promise<TwoWays> {
  const ip = async (at: string, ...commands: string[]): Promise<void> => {
    const script = commands.map((one) => `ip ${one}`).join(' && ');
    const { code, stderr } = await lab.exec(at, 'sh', ['-c', script]);
    if (code !== 0) throw new Error(`${script}: ${stderr}`);
  };
  await ip(spare, `link set dev eth0 netns ${lab.namespace(host)} name eth1`);
  const ways = [
    { device: 'eth0', address: lab.address(host) },
    { device: 'eth1', address: lab.address(spare) },
  ] as const;
  let open: 0 | 1 = 0;
  return {
    cut: async () => {
      const { device } = ways[open];
      await ip(host, `link set dev ${device} down`, `addr flush dev ${device}`);
    },
    change: async () => {
      open = open === 0 ? 1 : 0;
      const { device, address } = ways[open];
      await ip(
        host,
        `addr add ${address}/32 dev ${device}`,
        `link set dev ${device} up`,
        `route add default dev ${device} src ${address}`,
      );
    },
  };
}
