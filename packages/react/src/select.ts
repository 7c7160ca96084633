export type Select<S, T> = (snapshot: S, select: (snapshot: S) => T) => T;

/** Remembers the last selection: React wants the same value for the same state. */
export function selector<S, T>(): Select<S, T> {
  let last: { readonly snapshot: S; readonly select: unknown; readonly value: T } | null = null;
  return (snapshot, select) => {
    if (last && last.snapshot === snapshot && last.select === select) return last.value;
    const selected = select(snapshot);
    const value = last && shallowEqual(last.value, selected) ? last.value : selected;
    last = { snapshot, select, value };
    return value;
  };
}

function shallowEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!isPlain(a) || !isPlain(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && Object.is(a[key], b[key]));
}

/** Maps and sets have no keys to compare: of these only the very same is the same. */
const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype);
