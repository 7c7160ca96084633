import type { Room } from '@parley/domain';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import type { LayoutChangeEvent, View } from 'react-native';

/** What can be measured at once: elements on the web, and views of React Native's newer architecture. */
interface Measurable {
  getBoundingClientRect(): Room;
}
const isMeasurable = (node: object | null): node is Measurable =>
  node !== null && 'getBoundingClientRect' in node && typeof node.getBoundingClientRect === 'function';

/**
 * The room that a view has; null until it is known. Measured as soon as it is mounted, before anything is painted: `onLayout` comes some
 * tasks later, and on a page that is busy the pictures that a call brings along would be gone for so long.
 */
export function useRoom(): {
  readonly room: Room | null;
  readonly place: RefObject<View | null>;
  readonly onLayout: (event: LayoutChangeEvent) => void;
} {
  const place = useRef<View>(null);
  const [room, setRoom] = useState<Room | null>(null);
  useLayoutEffect(() => {
    const node = place.current;
    if (!isMeasurable(node)) return;
    const { width, height } = node.getBoundingClientRect();
    setRoom({ width, height });
  }, []);
  const onLayout = ({ nativeEvent: { layout } }: LayoutChangeEvent) =>
    setRoom((before) =>
      before?.width === layout.width && before.height === layout.height
        ? before
        : { width: layout.width, height: layout.height },
    );
  return { room, place, onLayout };
}
