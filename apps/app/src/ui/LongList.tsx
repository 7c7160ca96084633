import { type ReactNode, useState } from 'react';
import { type NativeScrollEvent, type NativeSyntheticEvent, PixelRatio, ScrollView, View } from 'react-native';
import { rowsInSight } from './rowsInSight';
import { webProps } from './web';

export interface LongListProps {
  readonly label: string;
  readonly count: number;
  /** Of each row, in points, at the usual size of letters. */
  readonly rowHeight: number;
  readonly keyOf: (index: number) => string;
  readonly render: (index: number) => ReactNode;
  /** The end comes into sight. */
  readonly onEnd?: (() => void) | undefined;
  /** Below the rows. */
  readonly foot?: ReactNode;
}

/** A list of any length, of whose rows only those in sight are mounted, and a few around them so that the focus finds the next. */
export function LongList({ label, count, rowHeight, keyOf, render, onEnd, foot }: LongListProps) {
  const [seen, setSeen] = useState({ top: 0, height: 0 });
  const each = rowHeight * Math.max(1, PixelRatio.getFontScale());
  const { first, last } = rowsInSight(seen, each, count);
  const look = (top: number, height: number) => {
    setSeen({ top, height });
    if (onEnd !== undefined && top + height > count * each - height) onEnd();
  };
  const onScroll = ({ nativeEvent }: NativeSyntheticEvent<NativeScrollEvent>) =>
    look(nativeEvent.contentOffset.y, nativeEvent.layoutMeasurement.height);
  const indices = Array.from({ length: Math.max(0, last - first) }, (_, n) => first + n);
  return (
    <ScrollView
      style={{ flex: 1 }}
      onScroll={onScroll}
      scrollEventThrottle={32}
      onLayout={({ nativeEvent }) => look(seen.top, nativeEvent.layout.height)}
      // Reached by keyboard: its rows may hold nothing that takes the focus (WCAG 2.1.1).
      {...webProps({ tabIndex: 0 })}
    >
      <View role="list" aria-label={label} style={{ height: count * each }}>
        {indices.map((index) => (
          <View
            key={keyOf(index)}
            role="listitem"
            {...webProps({ 'aria-setsize': count, 'aria-posinset': index + 1 })}
            style={{
              position: 'absolute',
              start: 0,
              end: 0,
              top: index * each,
              height: each,
              justifyContent: 'center',
            }}
          >
            {render(index)}
          </View>
        ))}
      </View>
      {foot}
    </ScrollView>
  );
}
