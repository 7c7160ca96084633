import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/**
 * Every process of a step carries its mark in the environment, so that one that outlives it can be told from everybody else's.
 * @returns {{ PARLEY_TEST_RUN: string }}
 */
export const newMark = () => ({ PARLEY_TEST_RUN: randomUUID() });

/** @param {string} line @returns {Promise<{ pid: number, name: string }[]>} marked processes that still live; knows only Linux */
async function find(line) {
  const found = [];
  for (const entry of await readdir('/proc').catch(() => [])) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    if (!environment.includes(line)) continue;
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (name !== '') found.push({ pid, name: name.trim() });
  }
  return found;
}

/**
 * Ends what a step left behind.
 * @param {ReturnType<typeof newMark>} mark
 * @returns {Promise<string[]>} the names of what had to be killed
 */
export async function endLeftovers(mark) {
  const line = `PARLEY_TEST_RUN=${mark.PARLEY_TEST_RUN}`;
  const deadline = Date.now() + 3000;
  let left = await find(line);
  while (left.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    left = await find(line);
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
