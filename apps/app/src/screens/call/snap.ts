/** Where the inset may lie. Pure: points and sizes are those of its parent, from the upper left. */

export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Rect extends Point, Size {}
export interface Edges {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export const CORNERS = ['topLeft', 'topRight', 'bottomLeft', 'bottomRight'] as const;
export type Corner = (typeof CORNERS)[number];

export interface Room {
  readonly area: Size;
  /** How far the inset keeps from each edge of the area. */
  readonly keepOff: Edges;
  /** What it never covers. */
  readonly obstacles: readonly Rect[];
}

export interface Places {
  readonly size: Size;
  readonly at: Readonly<Record<Corner, Point>>;
}

/** Between the inset and what it makes way for. */
const GAP = 8;
/** Below this width a picture is no longer one. */
const SMALLEST = 56;
const SHRINK = 0.85;
/** Milliseconds of its own speed that a throw carries on. */
const THROW_MS = 160;

const isRight = (corner: Corner): boolean => corner.endsWith('Right');
const isBottom = (corner: Corner): boolean => corner.startsWith('bottom');
const cornerOf = (right: boolean, bottom: boolean): Corner =>
  bottom ? (right ? 'bottomRight' : 'bottomLeft') : right ? 'topRight' : 'topLeft';

const meets = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width + GAP && b.x < a.x + a.width + GAP && a.y < b.y + b.height + GAP && b.y < a.y + a.height + GAP;

/** From its corner towards the middle until nothing lies under it; null where the edge on the other side comes first. */
function place(corner: Corner, size: Size, { area, keepOff, obstacles }: Room): Point | null {
  const lowest = area.height - keepOff.bottom - size.height;
  const x = isRight(corner) ? area.width - keepOff.right - size.width : keepOff.left;
  let y = isBottom(corner) ? lowest : keepOff.top;
  if (x < keepOff.left || lowest < keepOff.top) return null;
  // Each obstacle is passed at most once.
  for (const _ of obstacles) {
    const inTheWay = obstacles.find((one) => meets({ x, y, ...size }, one));
    if (inTheWay === undefined) break;
    y = isBottom(corner) ? inTheWay.y - GAP - size.height : inTheWay.y + inTheWay.height + GAP;
  }
  if (y < keepOff.top || y > lowest) return null;
  return obstacles.some((one) => meets({ x, y, ...size }, one)) ? null : { x, y };
}

/**
 * The place of each corner, with the picture made smaller where there is no room for it. A corner that is taken up stands for
 * the one above or below it. Null where there is no room at all: then nothing is drawn, rather than over a control.
 */
export function placesIn(room: Room, wanted: Size): Places | null {
  for (let { width, height } = wanted; width >= SMALLEST; width *= SHRINK, height *= SHRINK) {
    const size = { width: Math.round(width), height: Math.round(height) };
    const [topLeft, topRight, bottomLeft, bottomRight] = CORNERS.map((corner) => place(corner, size, room));
    const left = { top: topLeft ?? bottomLeft, bottom: bottomLeft ?? topLeft };
    const right = { top: topRight ?? bottomRight, bottom: bottomRight ?? topRight };
    const at = {
      topLeft: left.top ?? right.top,
      bottomLeft: left.bottom ?? right.bottom,
      topRight: right.top ?? left.top,
      bottomRight: right.bottom ?? left.bottom,
    };
    if (at.topLeft && at.topRight && at.bottomLeft && at.bottomRight) {
      return { size, at: at as Places['at'] };
    }
  }
  return null;
}

/** The corner for an inset that is let go, with the speed (points a millisecond) that it has. */
export function cornerFor({ area }: Room, size: Size, at: Point, speed: Point): Corner {
  const middle = { x: at.x + speed.x * THROW_MS + size.width / 2, y: at.y + speed.y * THROW_MS + size.height / 2 };
  return cornerOf(middle.x > area.width / 2, middle.y > area.height / 2);
}

/** The corner that an arrow key leads to; null for any other key. */
export function cornerByKey(corner: Corner, key: string): Corner | null {
  switch (key) {
    case 'ArrowLeft':
      return cornerOf(false, isBottom(corner));
    case 'ArrowRight':
      return cornerOf(true, isBottom(corner));
    case 'ArrowUp':
      return cornerOf(isRight(corner), false);
    case 'ArrowDown':
      return cornerOf(isRight(corner), true);
    default:
      return null;
  }
}

export const isCorner = (value: unknown): value is Corner => CORNERS.some((corner) => corner === value);
