/** The program: `node main.ts` serves, `node main.ts --check-config` only says whether the environment makes sense. */
import { inspect } from 'node:util';
import { Closers } from './closers.ts';
import { readConfig } from './config.ts';
import { Stop } from './stop.ts';

const closers = new Closers();
let stopping: Promise<void> | undefined;

/** A second signal (npm passes on what the terminal sent already) changes nothing. */
function stop(): void {
  stopping ??= closers.close().then(
    () => process.exit(0),
    (error: unknown) => fail(error),
  );
}

function fail(error: unknown): never {
  const text = error instanceof Stop ? error.message : `The server failed: ${inspect(error)}`;
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

process.on('SIGINT', stop);
process.on('SIGTERM', stop);
process.on('unhandledRejection', fail);
process.on('uncaughtException', fail);
try {
  const config = readConfig(process.env);
  if (!process.argv.includes('--check-config')) {
    // Loaded only now: a variable that makes no sense is told at once.
    const { serve } = await import('./serve.ts');
    const address = await serve(config, closers);
    if (stopping === undefined) process.stdout.write(`Parley is ready at ${address}\n`);
  }
} catch (error) {
  // What fails because everything is being closed is no failure.
  if (stopping !== undefined) await stopping;
  await closers.close().catch(() => undefined);
  fail(error);
}
