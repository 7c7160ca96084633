/**
 * `after`, with those parts of `before` in it that say the same: whoever draws it sees by identity what has changed, and leaves the rest
 * alone. Goes into plain objects and lists; of anything else only the very same is the same.
 */
export function shared<T>(before: unknown, after: T): T {
  if (Object.is(before, after)) return after;
  if (Array.isArray(before) && Array.isArray(after)) {
    const merged = after.map((value, index) => shared(before[index], value));
    const isSame = before.length === merged.length && merged.every((value, index) => Object.is(value, before[index]));
    // What is returned has the entries of `after`: those of `before` that are in it say the same.
    return (isSame ? before : merged) as T;
  }
  if (!isPlain(before) || !isPlain(after)) return after;
  const keys = Object.keys(after);
  const merged: Record<string, unknown> = {};
  let isSame = keys.length === Object.keys(before).length;
  for (const key of keys) {
    merged[key] = shared(before[key], after[key]);
    isSame &&= key in before && Object.is(merged[key], before[key]);
  }
  return (isSame ? before : merged) as T;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
