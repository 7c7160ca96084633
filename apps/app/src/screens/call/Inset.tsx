import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { Animated, PanResponder, type PanResponderGestureState, Platform, View, type ViewStyle } from 'react-native';
import { radius, stage } from '../../theme/tokens';
import { useReducedMotion } from '../../theme/useReducedMotion';
import { webProps } from '../../ui/web';

export interface Edges {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export interface InsetProps {
  readonly width: number;
  readonly height: number;
  /** How far it keeps from the edges of its parent: room for what else lies there. */
  readonly keepOff: Edges;
  readonly children: ReactNode;
}

export interface Corner {
  readonly right: boolean;
  readonly bottom: boolean;
}

/** Milliseconds of its own speed that a throw carries on. */
const THROW_MS = 160;

/** A small picture that can be dragged, lets go into the nearest corner, and follows the arrow keys. */
export function Inset({ width, height, keepOff, children }: InsetProps) {
  const reduced = useReducedMotion();
  const [area, setArea] = useState<{ width: number; height: number } | null>(null);
  const [corner, setCorner] = useState<Corner>({ right: true, bottom: false });
  const at = useRef(new Animated.ValueXY()).current;
  const placed = useRef(false);

  const places = useMemo(() => {
    const left = keepOff.left;
    const top = keepOff.top;
    const right = Math.max(left, (area?.width ?? 0) - keepOff.right - width);
    const bottom = Math.max(top, (area?.height ?? 0) - keepOff.bottom - height);
    return { left, top, right, bottom };
  }, [area, width, height, keepOff.left, keepOff.top, keepOff.right, keepOff.bottom]);
  const home = useMemo(
    () => ({ x: corner.right ? places.right : places.left, y: corner.bottom ? places.bottom : places.top }),
    [corner, places],
  );

  const settle = useRef<(to: { x: number; y: number }) => void>(() => undefined);
  settle.current = (to) => {
    if (reduced || !placed.current) at.setValue(to);
    else Animated.spring(at, { toValue: to, speed: 20, bounciness: 4, useNativeDriver: Platform.OS !== 'web' }).start();
  };
  useEffect(() => {
    if (area === null) return;
    settle.current(home);
    placed.current = true;
  }, [area, home]);

  const latest = useRef({ home, places });
  latest.current = { home, places };
  const pan = useMemo(() => {
    const letGo = (_: unknown, { dx, dy, vx, vy }: PanResponderGestureState) => {
      const { home: from, places: all } = latest.current;
      const next = {
        right: from.x + dx + vx * THROW_MS > (all.left + all.right) / 2,
        bottom: from.y + dy + vy * THROW_MS > (all.top + all.bottom) / 2,
      };
      setCorner(next);
      settle.current({ x: next.right ? all.right : all.left, y: next.bottom ? all.bottom : all.top });
    };
    return PanResponder.create({
      onMoveShouldSetPanResponder: (_, { dx, dy }) => Math.abs(dx) + Math.abs(dy) > 4,
      onPanResponderMove: (_, { dx, dy }) => {
        at.setValue({ x: latest.current.home.x + dx, y: latest.current.home.y + dy });
      },
      onPanResponderTerminationRequest: () => false,
      onPanResponderRelease: letGo,
      onPanResponderTerminate: letGo,
    });
  }, [at]);

  const onKeyDown = ({ key }: { key: string }) => {
    if (key === 'ArrowLeft') setCorner((now) => ({ ...now, right: false }));
    else if (key === 'ArrowRight') setCorner((now) => ({ ...now, right: true }));
    else if (key === 'ArrowUp') setCorner((now) => ({ ...now, bottom: false }));
    else if (key === 'ArrowDown') setCorner((now) => ({ ...now, bottom: true }));
  };

  return (
    <View
      style={{ position: 'absolute', inset: 0, pointerEvents: 'box-none' }}
      onLayout={({ nativeEvent }) => setArea({ width: nativeEvent.layout.width, height: nativeEvent.layout.height })}
    >
      <Animated.View
        {...pan.panHandlers}
        {...webProps({ tabIndex: 0, onKeyDown })}
        style={[
          {
            width,
            height,
            borderRadius: radius.inset,
            overflow: 'hidden',
            boxShadow: stage.shadow,
            opacity: area === null ? 0 : 1,
            transform: at.getTranslateTransform(),
          },
          webProps({ cursor: 'grab', userSelect: 'none', touchAction: 'none' }) as ViewStyle,
        ]}
      >
        {children}
      </Animated.View>
    </View>
  );
}
