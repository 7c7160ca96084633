import type { CallCommandName } from '@parley/protocol';
import { EdgeError } from '../ports/edge-error.ts';
import type { CallDeps } from './types.ts';

/** Times a command and counts what became of it. */
export async function observed<T>(
  { observer }: CallDeps,
  name: 'create' | CallCommandName,
  run: () => Promise<{ readonly outcome: string; readonly result: T }>,
): Promise<T> {
  const begun = performance.now();
  const tell = (outcome: string) => observer?.command(name, outcome, performance.now() - begun);
  try {
    const { outcome, result } = await run();
    tell(outcome);
    return result;
  } catch (error) {
    tell(error instanceof EdgeError ? error.code : 'error');
    throw error;
  }
}
