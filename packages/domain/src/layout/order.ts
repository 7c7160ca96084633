import type { UserId } from '../ids.ts';

/**
 * The order in which people are drawn: whoever was there keeps their place, newcomers come last, oneself stands at the end.
 * @param before the order that was drawn; @param present the others in the order in which they joined.
 */
export function stableOrder(before: readonly UserId[], present: readonly UserId[]): readonly UserId[] {
  const here = new Set(present);
  const kept = before.filter((id) => here.has(id));
  const known = new Set(kept);
  return [...kept, ...present.filter((id) => !known.has(id))];
}

/** Puts oneself on the last place that is in sight, so that nobody has to look for their own picture. */
export function withSelf(others: readonly UserId[], self: UserId, inSight: number): readonly UserId[] {
  const place = Math.min(others.length, Math.max(0, inSight - 1));
  return [...others.slice(0, place), self, ...others.slice(place)];
}

/**
 * Somebody speaks who is out of sight: they change places with the one in sight who has been silent longest. Two tiles move
 * and no others.
 * @param inSight how many of the first are in sight; @param lastSpoke when each was last heard, epoch milliseconds.
 */
export function bringForward(
  order: readonly UserId[],
  speaker: UserId,
  inSight: number,
  lastSpoke: ReadonlyMap<UserId, number>,
): readonly UserId[] {
  const from = order.indexOf(speaker);
  if (from < inSight || inSight < 1) return order;
  const heard = (id: UserId) => lastSpoke.get(id) ?? Number.NEGATIVE_INFINITY;
  // Of those who were silent equally long the hindmost goes: the first places are the steadiest.
  const quietest = order.slice(0, inSight).reduce((found, id) => (heard(id) <= heard(found) ? id : found));
  return order.map((id) => (id === quietest ? speaker : id === speaker ? quietest : id));
}
