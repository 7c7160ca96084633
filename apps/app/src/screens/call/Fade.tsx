import { type ReactNode, useEffect, useRef } from 'react';
import { Animated, Platform, type StyleProp, View, type ViewStyle } from 'react-native';
import { motion } from '../../theme/tokens';
import { useReducedMotion } from '../../theme/useReducedMotion';
import { passThrough } from '../../ui/passThrough';

export interface FadeProps {
  readonly shown: boolean;
  readonly children: ReactNode;
  readonly style?: StyleProp<ViewStyle>;
}

/** Takes its children out of sight, but not out of reach: they stay named, focusable and clickable. */
export function Fade({ shown, children, style }: FadeProps) {
  const opacity = useRef(new Animated.Value(shown ? 1 : 0)).current;
  const reduced = useReducedMotion();
  useEffect(() => {
    Animated.timing(opacity, {
      toValue: shown ? 1 : 0,
      duration: reduced ? 0 : motion.fadeIn,
      useNativeDriver: Platform.OS !== 'web',
    }).start();
  }, [shown, reduced, opacity]);
  return (
    // An animated view keeps no style sheet on the web: there it lets everything through, and the view in it takes back.
    <Animated.View style={[{ opacity, pointerEvents: Platform.OS === 'web' ? 'none' : 'box-none' }, style]}>
      <View style={[passThrough, { flexGrow: 1 }]}>{children}</View>
    </Animated.View>
  );
}
