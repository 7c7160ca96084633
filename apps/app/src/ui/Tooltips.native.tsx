/** A finger has no place to rest: on phones the icons stand for themselves. */
export const Tooltips = () => null;
