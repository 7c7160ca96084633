/**
 * Parley as `main.ts` starts it, but without its limits of calls a minute, which only a server on a loopback address may do without: in
 * the lab, where nobody else comes, one pair calls again and again.
 */
import { Closers } from '../../../packages/server/src/node/closers.ts';
import { readConfig } from '../../../packages/server/src/node/config.ts';
import { serve } from '../../../packages/server/src/node/serve.ts';

const closers = new Closers();
process.once('SIGTERM', () => void closers.close().finally(() => process.exit(0)));
const config = readConfig(process.env);
const address = await serve({ ...config, rules: { ...config.rules, rateLimits: false } }, closers);
process.stdout.write(`Parley is ready at ${address}\n`);
