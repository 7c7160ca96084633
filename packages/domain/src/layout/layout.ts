import type { UserId } from '../ids.ts';
import type { Form, Room } from './form.ts';
import { GRID_UP_TO, type Grid, gridOf, pageGrid } from './grid.ts';
import { withSelf } from './order.ts';

/** One picture on the stage. The same person may have two: themselves, and what they share. */
export interface Tile {
  readonly source: 'camera' | 'screen';
  readonly userId: UserId;
}

export const sameTile = (a: Tile, b: Tile): boolean => a.source === b.source && a.userId === b.userId;

export interface StageWish {
  readonly form: Form;
  /** What is left for tiles. */
  readonly room: Room;
  readonly self: UserId;
  /** In the order of `stableOrder`. */
  readonly others: readonly UserId[];
  /** Who shares a screen, the newest first. */
  readonly screens: readonly UserId[];
  /** What this person has put on the stage. */
  readonly pinned: Tile | null;
  readonly view: 'grid' | 'speaker';
  /** Who is looked at in the speaker's view. */
  readonly focus: UserId | null;
  /** From 0; beyond the last page it is the last. */
  readonly page: number;
}

export type StageLayout =
  | { readonly kind: 'grid'; readonly grid: Grid; readonly tiles: readonly Tile[] }
  | {
      readonly kind: 'pages';
      readonly grid: Grid;
      /** Of this page alone: tiles of the others are not mounted. */
      readonly tiles: readonly Tile[];
      readonly page: number;
      readonly pages: number;
    }
  /** No pictures, for the reason that is said on the screen. */
  | { readonly kind: 'faces'; readonly people: readonly UserId[] }
  | {
      readonly kind: 'stage';
      readonly main: Tile;
      readonly strip: readonly Tile[];
      /** Where the strip lies. */
      readonly edge: 'right' | 'bottom';
    };

const camera = (userId: UserId): Tile => ({ source: 'camera', userId });
const screen = (userId: UserId): Tile => ({ source: 'screen', userId });

/** What is drawn, from what there is and what is wished: rules L1 to L8 of SPEC.md. */
export function layoutStage(wish: StageWish): StageLayout {
  const main = mainTile(wish);
  if (main !== null) return stageLayout(wish, main);
  const count = wish.others.length + 1;
  if (count <= GRID_UP_TO) {
    const grid = gridOf(count, wish.room);
    return { kind: 'grid', grid, tiles: withSelf(wish.others, wish.self, count).map(camera) };
  }
  const { form } = wish;
  return form === 'phone'
    ? { kind: 'faces', people: withSelf(wish.others, wish.self, count) }
    : pagesLayout(wish, form);
}

/** The one that stands out: what was pinned, else the newest screen, else the speaker where that view was chosen. */
function mainTile({ others, self, screens, pinned, view, focus }: StageWish): Tile | null {
  const here = (userId: UserId) => userId === self || others.includes(userId);
  if (pinned !== null && here(pinned.userId) && (pinned.source === 'camera' || screens.includes(pinned.userId))) {
    return pinned;
  }
  // One's own screen on one's own stage would show itself in itself without end.
  const shared = screens.find((userId) => userId !== self && here(userId));
  if (shared !== undefined) return screen(shared);
  if (view === 'grid') return null;
  const looked = focus !== null && others.includes(focus) ? focus : others[0];
  return looked === undefined ? null : camera(looked);
}

function stageLayout({ room, others, self, screens }: StageWish, main: Tile): StageLayout {
  const all = [...screens.map(screen), ...others.map(camera), camera(self)];
  return {
    kind: 'stage',
    main,
    strip: all.filter((tile) => !sameTile(tile, main)),
    edge: room.width >= room.height ? 'right' : 'bottom',
  };
}

function pagesLayout({ others, self, page }: StageWish, form: Exclude<Form, 'phone'>): StageLayout {
  const grid = pageGrid(form);
  const size = grid.columns * grid.rows;
  const people = withSelf(others, self, size);
  const pages = Math.ceil(people.length / size);
  const shown = Math.min(Math.max(0, page), pages - 1);
  return {
    kind: 'pages',
    grid,
    page: shown,
    pages,
    tiles: people.slice(shown * size, (shown + 1) * size).map(camera),
  };
}

/** How many of the first people are in sight without turning a page or scrolling: for `bringForward`. */
export function inSight(layout: StageLayout): number {
  switch (layout.kind) {
    case 'grid':
    case 'pages':
      return layout.grid.columns * layout.grid.rows;
    case 'faces':
      return layout.people.length;
    case 'stage':
      return layout.strip.length;
    default:
      return layout satisfies never;
  }
}
