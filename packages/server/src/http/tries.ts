import { EdgeError } from '../ports/edge-error.ts';
import type { GiveBack } from '../ports/rate-limits.ts';

/** A try counts where it was refused: not where it succeeded, nor where the server could not tell (its database was away). */
export async function asTry<T>(giveBack: GiveBack, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    await giveBack();
    return result;
  } catch (error) {
    if (!(error instanceof EdgeError)) await giveBack();
    throw error;
  }
}
