import { CLOSE } from '@parley/protocol';
import type { Timers } from '../ports/timers.ts';
import type { Client } from './client.ts';

/** How often some are sent away, and how often it is looked whether they are gone, in milliseconds. */
const STEP_MS = 50;

/** Sends all of them away within `spreadMs`, evenly, and waits until they are gone, `withinMs` at most. */
export async function drain(
  clients: ReadonlySet<Client>,
  { spreadMs, withinMs, timers }: { readonly spreadMs: number; readonly withinMs: number; readonly timers: Timers },
): Promise<void> {
  const step = () => new Promise<void>((resolve) => void timers.setTimeout(resolve, STEP_MS));
  const all = [...clients];
  const each = Math.max(1, Math.ceil((all.length * STEP_MS) / Math.max(spreadMs, STEP_MS)));
  let leftMs = withinMs;
  while (clients.size > 0 && leftMs > 0) {
    for (const client of all.splice(0, each)) client.retire(CLOSE.goingAway, 'the server stops');
    if (clients.size === 0) break;
    await step();
    leftMs -= STEP_MS;
  }
}
