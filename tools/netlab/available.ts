import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The bits of Linux's capabilities(7) that namespaces and devices ask for. */
const NET_ADMIN = 12n;
const SYS_ADMIN = 21n;

const moreFolders = ['/usr/sbin', '/sbin', '/usr/local/go/bin', '/usr/lib/go/bin'];

/** The path of a program; looks too where root's programs and Go are wont to be. */
export function which(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...moreFolders];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

function hasCapabilities(): boolean {
  const line = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  const held = BigInt(`0x${line?.[1] ?? '0'}`);
  return [NET_ADMIN, SYS_ADMIN].every((bit) => (held >> bit) % 2n === 1n);
}

/** One sentence that says why a lab cannot be had here; undefined where it can. Starts nothing. */
export function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'The network lab needs Linux: it is made of network namespaces.';
  if (process.getuid?.() !== 0 || !hasCapabilities()) {
    return 'The network lab needs root (CAP_NET_ADMIN and CAP_SYS_ADMIN) to make network namespaces.';
  }
  if (!which('ip')) return 'The network lab needs the program ip: install iproute2.';
  if (!which('go'))
    return 'The network lab needs Go to build its program: install it (golang-go) and put go into the PATH.';
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
  } catch {
    return 'The network lab needs /dev/net/tun: load the module tun, or give the device to this container.';
  }
  return undefined;
}
