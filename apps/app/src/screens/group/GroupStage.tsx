import { formOf, inSight, layoutStage, type Room, type StageWish, sameTile, type Tile } from '@parley/domain';
import { useEffect, useRef, useState } from 'react';
import { useWindowDimensions, View } from 'react-native';
import { space } from '../../theme/tokens';
import { useWide } from '../../theme/useWide';
import { useWords } from '../../words/words';
import { Faces } from './Faces';
import { GroupTile, ScreenTile } from './GroupTile';
import { Pages } from './Pages';
import { gridRects, stripRects } from './rects';
import type { GroupCallSnapshot } from './snapshots';
import { TileArea } from './TileArea';
import { useFloor } from './useFloor';
import { useOrder } from './useOrder';
import { useRoom } from './useRoom';

export interface GroupStageProps {
  readonly snapshot: Pick<GroupCallSnapshot, 'others' | 'self' | 'reactions' | 'speakers'>;
  readonly view: StageWish['view'];
  readonly pinned: Tile | null;
  /** Absent where nothing can be done with a tile. */
  readonly onOptions: ((tile: Tile) => void) | undefined;
  /** Which pictures can be seen, whenever that changes: the others need not be sent. */
  readonly onInSight: ((sight: InSight) => void) | undefined;
}

export interface InSight {
  /** Large, or looked at: wanted sharp. */
  readonly sharp: readonly Tile[];
  readonly small: readonly Tile[];
}

const GAP = space(3);
/** Of a strip's tiles, in points. */
const STRIP: Room = { width: 216, height: 122 };
const PHONE_STRIP: Room = { width: 132, height: 92 };

const nameOf = (tile: Tile): string => `${tile.source}:${tile.userId}`;

export function GroupStage(props: GroupStageProps) {
  const { room, place, onLayout } = useRoom();
  return (
    <View ref={place} style={{ flex: 1 }} onLayout={onLayout}>
      {room === null || room.width === 0 || room.height === 0 ? null : <Placed {...props} room={room} />}
    </View>
  );
}

function Placed({ snapshot, view, pinned, onOptions, onInSight, room }: GroupStageProps & { readonly room: Room }) {
  const t = useWords();
  const wide = useWide();
  const window = useWindowDimensions();
  const { others, self } = snapshot;
  const [page, setPage] = useState(0);
  const floor = useFloor(snapshot.speakers);
  const present = others.map(({ id }) => id);
  const sharing = (person: GroupCallSnapshot['self'] | GroupCallSnapshot['others'][number]) => person.screen !== null;
  const screens = [...others.filter(sharing), ...(sharing(self) ? [self] : [])].map(({ id }) => id).reverse();
  const wish: StageWish = {
    form: formOf(window),
    room,
    self: self.id,
    others: present,
    screens,
    pinned,
    view,
    focus: floor.focus,
    page,
  };
  // Oneself stands on the last place in sight.
  const order = useOrder(present, floor, inSight(layoutStage(wish)) - 1);
  const layout = layoutStage({ ...wish, others: order });
  const people = new Map([...others, self].map((person) => [person.id, person] as const));
  const sight = useSight(onInSight);

  const draw = (tile: Tile, small: boolean) => {
    const person = people.get(tile.userId);
    if (person === undefined) return null;
    const isSelf = tile.userId === self.id;
    if (tile.source === 'screen') return <ScreenTile person={person} isSelf={isSelf} onOptions={onOptions} />;
    const reaction = snapshot.reactions.findLast(({ userId }) => userId === person.id)?.emoji;
    return (
      <GroupTile
        person={person}
        isSelf={isSelf}
        small={small}
        reaction={reaction}
        pinned={pinned !== null && sameTile(pinned, tile)}
        onOptions={onOptions}
      />
    );
  };

  if (layout.kind === 'faces') {
    const drawn = layout.people.flatMap((id) => people.get(id) ?? []);
    return <Faces people={drawn} selfId={self.id} reason={t('group.manyPeople')} onDrawn={() => sight([], [])} />;
  }
  if (layout.kind === 'grid' || layout.kind === 'pages') {
    const { tiles } = layout;
    const paged = layout.kind === 'pages' && layout.pages > 1;
    // A page that is the only one leaves no rows empty; where there are more, a tile has the same size on each of them.
    const rows = Math.ceil(tiles.length / layout.grid.columns);
    const grid = layout.kind === 'pages' && !paged ? { ...layout.grid, rows } : layout.grid;
    const area = paged ? { width: room.width, height: room.height - PAGER } : room;
    const small = grid.columns > 2;
    return (
      <View style={{ flex: 1 }}>
        <TileArea
          names={tiles.map(nameOf)}
          placed={gridRects(tiles.length, grid, area, GAP)}
          room={area}
          direction="column"
          render={(index) => (tiles[index] === undefined ? null : draw(tiles[index], small))}
          beside={floor.focus}
          onInSight={(seen) => {
            const shown = seen.flatMap((index) => tiles[index] ?? []);
            if (small) sight(...apart(shown, floor.focus));
            else sight(shown, []);
          }}
        />
        {paged ? <Pages page={layout.page} pages={layout.pages} onPage={setPage} /> : null}
      </View>
    );
  }
  const { main, strip, edge } = layout;
  const tile = wide ? STRIP : PHONE_STRIP;
  const right = edge === 'right';
  const area = right ? { width: tile.width, height: room.height } : { width: room.width, height: tile.height };
  return (
    <View style={{ flex: 1, flexDirection: right ? 'row' : 'column', gap: GAP }}>
      <View key={nameOf(main)} style={{ flex: 1 }}>
        {draw(main, false)}
      </View>
      {strip.length === 0 ? null : (
        <TileArea
          names={strip.map(nameOf)}
          placed={stripRects(strip.length, tile, right ? 'column' : 'row', GAP)}
          room={area}
          direction={right ? 'column' : 'row'}
          render={(index) => (strip[index] === undefined ? null : draw(strip[index], true))}
          beside={nameOf(main)}
          onInSight={(seen) =>
            sight(
              [main],
              seen.flatMap((index) => strip[index] ?? []),
            )
          }
        />
      )}
    </View>
  );
}

/** Height of the row that turns pages, in points. */
const PAGER = 52;

/** Tells of what is in sight only when it is something else than before. */
function useSight(tell: GroupStageProps['onInSight']) {
  const told = useRef('');
  const latest = useRef(tell);
  useEffect(() => {
    latest.current = tell;
  });
  return (sharp: readonly Tile[], small: readonly Tile[]): void => {
    const key = [...sharp.map(nameOf), '|', ...small.map(nameOf)].join(' ');
    if (key === told.current) return;
    told.current = key;
    latest.current?.({ sharp, small });
  };
}

/** Of small tiles whoever has the floor is wanted sharp. */
function apart(tiles: readonly Tile[], focus: string | null): [sharp: readonly Tile[], small: readonly Tile[]] {
  const looked = (tile: Tile) => tile.userId === focus;
  return [tiles.filter(looked), tiles.filter((tile) => !looked(tile))];
}
