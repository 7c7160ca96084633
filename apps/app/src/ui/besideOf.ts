interface Size {
  readonly width: number;
  readonly height: number;
}
interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

const GAP = 6;
const EDGE = 6;

/** The upper left corner of a card centred above or below a target, whichever faces the middle of the page, inside of it. */
export function besideOf(target: Box, card: Size, page: Size): { readonly x: number; readonly y: number } {
  const above = target.top + target.height / 2 > page.height / 2;
  const y = above ? target.top - GAP - card.height : target.top + target.height + GAP;
  const x = target.left + target.width / 2 - card.width / 2;
  const within = (value: number, most: number) => Math.max(EDGE, Math.min(value, most - EDGE));
  return { x: within(x, page.width - card.width), y: within(y, page.height - card.height) };
}
