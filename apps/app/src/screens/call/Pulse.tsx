import { useEffect, useRef } from 'react';
import { Animated, Platform, View } from 'react-native';
import { gradientOf } from '../../theme/gradients';
import { useReducedMotion } from '../../theme/useReducedMotion';
import { Avatar } from '../../ui/Avatar';

export interface PulseProps {
  readonly id: string;
  readonly displayName: string;
  readonly size: number;
}

/** A face with two rings around it that breathe while it rings. */
export function Pulse({ id, displayName, size }: PulseProps) {
  const reduced = useReducedMotion();
  const breath = useRef(new Animated.Value(0)).current;
  const { from } = gradientOf(id);

  useEffect(() => {
    if (reduced) {
      breath.setValue(0);
      return;
    }
    const useNativeDriver = Platform.OS !== 'web';
    const loop = Animated.loop(
      Animated.sequence([
        Animated.timing(breath, { toValue: 1, duration: 900, useNativeDriver }),
        Animated.timing(breath, { toValue: 0, duration: 900, useNativeDriver }),
      ]),
    );
    loop.start();
    return () => loop.stop();
  }, [reduced, breath]);

  const ring = (scale: number, grows: number, opacity: number) => (
    <Animated.View
      style={{
        position: 'absolute',
        width: size * scale,
        height: size * scale,
        borderRadius: size,
        borderWidth: 1,
        borderColor: from,
        opacity,
        transform: [{ scale: breath.interpolate({ inputRange: [0, 1], outputRange: [1, grows] }) }],
      }}
    />
  );
  return (
    <View
      aria-hidden
      style={{ width: size * 1.64, height: size * 1.64, alignItems: 'center', justifyContent: 'center' }}
    >
      {ring(1.64, 1.05, 0.18)}
      {ring(1.32, 1.03, 0.42)}
      <Avatar id={id} displayName={displayName} size={size} />
    </View>
  );
}
