/*
 * node tools/mutations.mjs [--seeds 3000] [--write] [NAME …]
 *
 * Shows that the simulator finds what it is there to find: plants one mistake at a time in a copy of the sources, and runs seeds
 * until a rule is broken. --write puts the list into docs/simulator.md. Ends with 1 where a mistake was not found.
 */
import { parseArgs } from 'node:util';
import { plant } from './lib/mutant.mjs';
import { MUTATIONS } from './lib/mutations.mjs';
import { writeMutations } from './lib/mutations-doc.mjs';

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '3000' }, write: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const chosen = MUTATIONS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const found = [];
let missed = 0;
for (const mutation of chosen) {
  const mutant = await plant(mutation);
  try {
    const result = await mutant.hunt({ from: 1, seeds: Number(values.seeds) });
    if (result === null) missed += 1;
    else found.push({ mutation, ...result });
    process.stdout.write(
      `${mutation.name}: ${result === null ? 'NOT FOUND' : `seed ${result.seed}, ${result.rule}`}\n`,
    );
  } finally {
    await mutant.remove();
  }
}
process.stdout.write(`${found.length} of ${chosen.length} mistakes found\n`);
if (values.write && chosen.length === MUTATIONS.length) await writeMutations(found);
process.exit(missed > 0 ? 1 : 0);
