import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { which } from './debian.mjs';
import { modernNode } from './node.mjs';
import { root } from './paths.mjs';

const available = join(root, 'tools', 'netlab', 'available.ts');

/** @typedef {{ why: string, mendable: boolean }} LabLack `mendable`: a program that could be installed here */

/**
 * Why the network lab cannot be had. Asked for after the services have been provided: what is missing then stays so.
 * @returns {Promise<LabLack | undefined>}
 */
export async function labLack() {
  const script = `import { whyNot } from ${JSON.stringify(available)}; process.stdout.write(whyNot() ?? '');`;
  const args = ['--no-warnings', '--input-type=module', '-e', script];
  const { stdout: why } = await promisify(execFile)(modernNode(), args);
  if (why) return { why, mendable: why.includes(' the program ') || why.includes(' needs Go ') };
  const program = ['turnserver', 'openssl'].find((name) => !which(name));
  if (program) return { why: `The network lab needs ${program}: install coturn and openssl.`, mendable: true };
  return undefined;
}
