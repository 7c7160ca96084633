import type { Grid, Room } from '@parley/domain';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Placed {
  readonly rects: readonly Rect[];
  /** Of all of them: larger than the room where it scrolls. */
  readonly content: Room;
}

/** Equal tiles from the top left, a last row that is not full in the middle. */
export function gridRects(count: number, grid: Grid, room: Room, gap: number): Placed {
  const { columns } = grid;
  const width = (room.width - gap * (columns - 1)) / columns;
  const height = (room.height - gap * (grid.rows - 1)) / grid.rows;
  const rows = Math.ceil(count / columns);
  const rects = Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const indent = ((columns - inRow) * (width + gap)) / 2;
    return { x: indent + (index % columns) * (width + gap), y: row * (height + gap), width, height };
  });
  return { rects, content: { width: room.width, height: Math.max(room.height, rows * (height + gap) - gap) } };
}

/** One beside or below the other, each of the same size. */
export function stripRects(count: number, tile: Room, direction: 'row' | 'column', gap: number): Placed {
  const step = (direction === 'row' ? tile.width : tile.height) + gap;
  const rects = Array.from({ length: count }, (_, index) => ({
    x: direction === 'row' ? index * step : 0,
    y: direction === 'row' ? 0 : index * step,
    ...tile,
  }));
  const length = Math.max(0, count * step - gap);
  return {
    rects,
    content: direction === 'row' ? { width: length, height: tile.height } : { width: tile.width, height: length },
  };
}

/** Places of those which a window onto the content shows, a margin around it counted in. */
export function inWindow(rects: readonly Rect[], window: Rect, margin: number): readonly number[] {
  const shown: number[] = [];
  rects.forEach((rect, index) => {
    const across = rect.x + rect.width > window.x - margin && rect.x < window.x + window.width + margin;
    const down = rect.y + rect.height > window.y - margin && rect.y < window.y + window.height + margin;
    if (across && down) shown.push(index);
  });
  return shown;
}
