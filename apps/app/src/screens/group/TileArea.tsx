import type { Room } from '@parley/domain';
import { type ReactNode, useEffect, useState } from 'react';
import { type NativeScrollEvent, type NativeSyntheticEvent, ScrollView, View, type ViewStyle } from 'react-native';
import { motion } from '../../theme/tokens';
import { useReducedMotion } from '../../theme/useReducedMotion';
import { webProps } from '../../ui/web';
import { inWindow, type Placed } from './rects';

export interface TileAreaProps {
  /** Their names, in the order of `placed.rects`: each drawing keeps its own when it moves. */
  readonly names: readonly string[];
  readonly placed: Placed;
  readonly room: Room;
  readonly direction: 'row' | 'column';
  readonly render: (index: number) => ReactNode;
  /** What else decides about what is in sight: when it changes, that is told anew. */
  readonly beside: string | null;
  /** Indices of what is in sight, whenever that changes. */
  readonly onInSight: (indices: readonly number[]) => void;
}

/** Half a tile more than is seen is mounted, so that scrolling finds it drawn. */
const MARGIN = 80;

/** Tiles at their places. Those out of sight are not mounted; those that move do so in a short glide. */
export function TileArea({ names, placed, room, direction, render, beside, onInSight }: TileAreaProps) {
  const reduced = useReducedMotion();
  const [offset, setOffset] = useState(0);
  const row = direction === 'row';
  const scrolls = row ? placed.content.width > room.width + 1 : placed.content.height > room.height + 1;
  const at = scrolls ? offset : 0;
  const window = { x: row ? at : 0, y: row ? 0 : at, ...room };
  const mounted = inWindow(placed.rects, window, MARGIN);
  const seen = inWindow(placed.rects, window, 0);
  const seenKey = seen.map((index) => names[index]).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is in sight changes by name, not by the list that says it
  useEffect(() => onInSight(seen), [seenKey, beside]);

  const glide = reduced
    ? {}
    : webProps({ transitionProperty: 'left, right, top, width, height', transitionDuration: `${motion.fadeIn}ms` });
  const tiles = (
    <View style={{ width: placed.content.width, height: placed.content.height }}>
      {mounted.map((index) => {
        const rect = placed.rects[index];
        if (rect === undefined) return null;
        const { x, y, width, height } = rect;
        const place: ViewStyle = { position: 'absolute', start: x, top: y, width, height };
        return (
          <View key={names[index]} style={[place, glide as ViewStyle]}>
            {render(index)}
          </View>
        );
      })}
    </View>
  );
  if (!scrolls) return tiles;
  const onScroll = ({ nativeEvent }: NativeSyntheticEvent<NativeScrollEvent>) =>
    setOffset(row ? nativeEvent.contentOffset.x : nativeEvent.contentOffset.y);
  return (
    <ScrollView
      horizontal={row}
      onScroll={onScroll}
      scrollEventThrottle={32}
      showsHorizontalScrollIndicator={false}
      style={{ width: room.width, height: room.height, flexGrow: 0 }}
      // Reached by keyboard: its tiles may hold nothing that takes the focus (WCAG 2.1.1).
      {...webProps({ tabIndex: 0, dataSet: row ? { sideways: 'true' } : {} })}
    >
      {tiles}
    </ScrollView>
  );
}
