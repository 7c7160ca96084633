/** Rows more than are seen, before and after: the focus finds the next one there. */
const AROUND = 6;
/** Before anything was laid out: a screen's worth. */
const AT_FIRST = 16;

/** Of rows of the same height, which to mount: from `first`, up to before `last`. */
export function rowsInSight(
  { top, height }: { readonly top: number; readonly height: number },
  each: number,
  count: number,
): { readonly first: number; readonly last: number } {
  if (height === 0) return { first: 0, last: Math.min(count, AT_FIRST) };
  // Where the list has become shorter than it was scrolled, its end is in sight.
  const from = Math.min(Math.floor(top / each), Math.max(0, count - Math.ceil(height / each)));
  return {
    first: Math.max(0, from - AROUND),
    last: Math.min(count, from + Math.ceil(height / each) + 1 + AROUND),
  };
}
