import { bringForward, stableOrder } from '@parley/domain';
import { useRef } from 'react';

/** The others in the order in which they are drawn (rules L6 and L7). */
export function useOrder(
  present: readonly string[],
  floor: { readonly focus: string | null; readonly lastSpoke: ReadonlyMap<string, number> },
  inSight: number,
): readonly string[] {
  const before = useRef<readonly string[]>([]);
  const kept = stableOrder(before.current, present);
  const order = floor.focus === null ? kept : bringForward(kept, floor.focus, inSight, floor.lastSpoke);
  // Written while drawing, and harmless: drawn twice with the same people it gives the same order.
  before.current = order;
  return order;
}
