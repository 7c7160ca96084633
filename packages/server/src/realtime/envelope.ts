import { z } from 'zod';
import type { FanoutMessage } from './fanout.ts';

/** Of the form below. A node passes over what it cannot read: while versions change, two of them run side by side. */
const VERSION = 1;

const Envelope = z.object({
  v: z.literal(VERSION),
  /** Who sends. */
  node: z.string().min(1).max(64),
  /** Counts the sender's envelopes: what comes twice is known by it. */
  seq: z.number().int().nonnegative(),
  /** Published together, and told together or not at all. Kinds that are not known here fall through the hub. */
  messages: z.array(z.looseObject({ t: z.string() })),
});

export interface Envelope {
  readonly node: string;
  readonly seq: number;
  readonly messages: readonly FanoutMessage[];
}

export const sealed = (envelope: Envelope): string => JSON.stringify({ v: VERSION, ...envelope });

/** Null for what is none, or is of another version. */
export function opened(text: string): Envelope | null {
  try {
    const parsed = Envelope.safeParse(JSON.parse(text));
    if (!parsed.success) return null;
    const { node, seq, messages } = parsed.data;
    // Its own kind has written it: what the messages hold is taken at its word, as what comes from the database is.
    return { node, seq, messages: messages as unknown as FanoutMessage[] };
  } catch {
    return null;
  }
}

/** Most envelopes of one node that are remembered. */
const REMEMBERED = 8_192;
/** Most nodes of which something is. */
export const NODES = 256;

/** Tells what has come before: two ways may carry the same envelope. */
export class Arrivals {
  readonly #nodes = new Map<string, Set<number>>();

  /** True the first time. */
  first({ node, seq }: Pick<Envelope, 'node' | 'seq'>): boolean {
    const seen = this.#nodes.get(node) ?? new Set();
    if (seen.has(seq)) return false;
    seen.add(seq);
    dropOldest(seen, REMEMBERED);
    this.#nodes.delete(node);
    this.#nodes.set(node, seen);
    dropOldest(this.#nodes, NODES);
    return true;
  }
}

/** Of a Map or a Set that is one too large. */
export function dropOldest<K>(
  kept: { readonly size: number; keys(): Iterator<K>; delete(key: K): boolean },
  most: number,
): void {
  if (kept.size <= most) return;
  const oldest = kept.keys().next();
  if (!oldest.done) kept.delete(oldest.value);
}
