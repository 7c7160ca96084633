import type { Form, Room } from './form.ts';

/** Columns and rows that are in sight at once. Every tile of a grid has the same size. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** What does not fit is reached by scrolling. */
  readonly scrolls: boolean;
}

/** Up to here all tiles are equal and in sight; above it the grid is 3×3 (both: the guide's layout). */
export const EQUAL_UP_TO = 4;
/** Above it pictures give way to faces on a phone, and to pages elsewhere (the guide's layout). */
export const GRID_UP_TO = 8;

/** A face on a narrower tile is a stamp: 320 px, the narrowest screen there is, holds two of these and their gaps. */
const NARROWEST_TILE = 140;
const ACROSS = 3;

/** @param count of tiles, from 1. */
export function gridOf(count: number, room: Room): Grid {
  return count <= EQUAL_UP_TO ? equalGrid(count, room) : scrollingGrid(count, room);
}

function equalGrid(count: number, { width, height }: Room): Grid {
  if (count <= 2) {
    const across = width >= height ? count : 1;
    return { columns: across, rows: count / across, scrolls: false };
  }
  return { columns: 2, rows: 2, scrolls: false };
}

function scrollingGrid(count: number, { width }: Room): Grid {
  const columns = width >= ACROSS * NARROWEST_TILE ? ACROSS : 2;
  const needed = Math.ceil(count / columns);
  return { columns, rows: Math.min(needed, ACROSS), scrolls: needed > ACROSS };
}

/** Tiles of a page in a grid of pages: as many as can be told apart. */
export function pageGrid(form: Exclude<Form, 'phone'>): Grid {
  return form === 'desktop'
    ? { columns: 4, rows: 4, scrolls: false }
    : { columns: ACROSS, rows: ACROSS, scrolls: false };
}
