import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** Every process of this run carries it, so that one that outlives its step can be told from everybody else's. */
export const runMark = `PARLEY_TEST_RUN=${randomUUID()}`;

/** @returns {Promise<{ pid: number, name: string }[]>} processes of this run that still live; knows only Linux */
async function find() {
  const found = [];
  for (const entry of await readdir('/proc').catch(() => [])) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    if (!environment.includes(runMark)) continue;
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (name !== '') found.push({ pid, name: name.trim() });
  }
  return found;
}

/** Ends what a step left behind. @returns {Promise<string[]>} the names of what had to be killed */
export async function endLeftovers() {
  const deadline = Date.now() + 3000;
  let left = await find();
  while (left.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    left = await find();
  }
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
  return [...new Set(left.map(({ name }) => name))];
}
