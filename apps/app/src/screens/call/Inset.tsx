import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Animated, PanResponder, type PanResponderGestureState, Platform, View, type ViewStyle } from 'react-native';
import { radius, stage } from '../../theme/tokens';
import { useReducedMotion } from '../../theme/useReducedMotion';
import { Hidden } from '../../ui/Hidden';
import { passThrough } from '../../ui/passThrough';
import { webProps } from '../../ui/web';
import { useWords } from '../../words/words';
import { type Corner, cornerByKey, cornerFor, type Edges, placesIn, type Rect, type Size } from './snap';

export interface InsetProps {
  readonly size: Size;
  readonly keepOff: Edges;
  /** What it must not cover, in the coordinates of its parent. */
  readonly obstacles: readonly Rect[];
  readonly corner: Corner;
  readonly onCorner: (corner: Corner) => void;
  readonly children: ReactNode;
}

const HINT = 'inset-hint';

/** A small picture that can be dragged, lets go into the nearest corner, and follows the arrow keys. */
export function Inset({ size: wanted, keepOff, obstacles, corner, onCorner, children }: InsetProps) {
  const t = useWords();
  const reduced = useReducedMotion();
  const [area, setArea] = useState<Size | null>(null);
  const [moved, setMoved] = useState(false);
  const at = useRef(new Animated.ValueXY()).current;
  const room = area === null ? null : { area, keepOff, obstacles };
  const places = room === null ? null : placesIn(room, wanted);
  const home = places?.at[corner] ?? null;

  const latest = useRef({ room, places, home, onCorner });
  latest.current = { room, places, home, onCorner };
  const placedIn = useRef<Size | null>(null);
  const settle = useRef<() => void>(() => undefined);
  settle.current = () => {
    const to = latest.current.home;
    if (to === null) return;
    // A window that changes its size takes the inset along: only a change of the corner is a movement.
    if (reduced || placedIn.current !== area) at.setValue(to);
    else Animated.spring(at, { toValue: to, speed: 20, bounciness: 4, useNativeDriver: Platform.OS !== 'web' }).start();
    placedIn.current = area;
  };
  // Before it is painted: it would be seen in the window's corner first.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it settles where home has come to lie.
  useLayoutEffect(() => settle.current(), [home?.x, home?.y]);

  const pan = useMemo(() => {
    const letGo = (_: unknown, { dx, dy, vx, vy }: PanResponderGestureState) => {
      const { room: now, places: all, home: from, onCorner: tell } = latest.current;
      if (now === null || all === null || from === null) return;
      const next = cornerFor(now, all.size, { x: from.x + dx, y: from.y + dy }, { x: vx, y: vy });
      tell(next);
      latest.current = { ...latest.current, home: all.at[next] };
      settle.current();
    };
    return PanResponder.create({
      // From the start: react-native-web asks about a mouse's movement only while something has hold of it.
      onStartShouldSetPanResponder: () => true,
      onMoveShouldSetPanResponder: (_, { dx, dy }) => Math.abs(dx) + Math.abs(dy) > 4,
      onPanResponderMove: (_, { dx, dy }) => {
        const from = latest.current.home;
        if (from !== null) at.setValue({ x: from.x + dx, y: from.y + dy });
      },
      onPanResponderTerminationRequest: () => false,
      onPanResponderRelease: letGo,
      onPanResponderTerminate: letGo,
    });
  }, [at]);

  const onKeyDown = (event: { key: string; preventDefault(): void }) => {
    const next = cornerByKey(corner, event.key);
    if (next === null) return;
    event.preventDefault();
    setMoved(true);
    onCorner(next);
  };

  return (
    <View
      // Places are counted from the left, whichever way the words are written.
      style={[passThrough, { position: 'absolute', inset: 0, direction: 'ltr' }]}
      onLayout={({ nativeEvent: { layout } }) => setArea({ width: layout.width, height: layout.height })}
    >
      {places === null ? null : (
        <Animated.View
          {...pan.panHandlers}
          role="group"
          aria-label={t('call.ownPicture')}
          {...webProps({
            tabIndex: 0,
            onKeyDown,
            'aria-describedby': HINT,
            dataSet: { inset: corner, tip: t('call.ownPictureHint') },
          })}
          style={[
            {
              ...places.size,
              borderRadius: radius.inset,
              overflow: 'hidden',
              boxShadow: stage.shadow,
              transform: at.getTranslateTransform(),
            },
            webProps({ cursor: 'grab', userSelect: 'none', touchAction: 'none' }) as ViewStyle,
          ]}
        >
          {children}
        </Animated.View>
      )}
      <Hidden nativeID={HINT}>{t('call.ownPictureHint')}</Hidden>
      <Hidden live="polite">{moved ? t(`call.corner.${corner}`) : ''}</Hidden>
    </View>
  );
}
