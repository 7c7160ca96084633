/** What a command is remembered by. */
export interface CommandKey {
  readonly userId: string;
  /** The client's UUID. */
  readonly key: string;
  readonly command: string;
  /** From `bodyHash`. */
  readonly bodyHash: string;
}

/**
 * SHA-256 of a parsed body in hex; the order of its fields does not matter. Taken after parsing, so that spellings of
 * the same command (an id in capitals) are the same.
 */
export async function bodyHash(body: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(sorted(body)));
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, v]) => [key, sorted(v)]));
}
