import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';
import { Stop } from './stop.mjs';

/** Whether packages can be installed here: root on a Debian or a child of it. */
export const canInstall = () => process.getuid?.() === 0 && existsSync('/etc/debian_version');

/** @param {string[]} packages @param {string} log */
export async function aptInstall(packages, log) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['-o', 'DPkg::Lock::Timeout=300', '-y', '-q'];
  const attempt = () => run('apt-get', [...args, 'install', '--no-install-recommends', ...packages], { env, log });
  if ((await attempt()).status === 0) return;
  await run('apt-get', [...args, 'update'], { env, log: `${log}.update` });
  if ((await attempt()).status !== 0) throw new Stop(`apt-get could not install ${packages.join(' ')}.`, { log });
}

/** @param {string} program @returns {string | undefined} its path */
export function which(program) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}
