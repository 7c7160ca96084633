import { planOf } from './plan.ts';
import { simulate } from './simulate.ts';

const [first = '1', count = '1', verbose = ''] = process.argv.slice(2);
const begun = Date.now();
let failed = 0;
if (verbose) console.log(JSON.stringify(planOf(Number(first)), null, 1));
for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
  const outcome = await simulate(planOf(seed), verbose ? { tell: (text) => console.log(text) } : {});
  if (Number(count) === 1) console.log(outcome);
  if (outcome.violation) {
    failed += 1;
    console.log(seed, outcome.violation.rule, outcome.violation.at, outcome.violation.text.slice(0, 300));
  }
}
console.log(`${count} seeds, ${failed} failed, ${Date.now() - begun} ms`);
