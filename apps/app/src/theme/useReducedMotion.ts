import { useEffect, useState } from 'react';
import { AccessibilityInfo } from 'react-native';
import { isWeb } from '../ui/web';

/** A browser can say so before the first frame; a phone has to be asked. */
const atOnce = (): boolean => isWeb && globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches === true;

/** True where the person has asked for less movement. */
export function useReducedMotion(): boolean {
  const [reduced, setReduced] = useState(atOnce);
  useEffect(() => {
    let current = true;
    AccessibilityInfo.isReduceMotionEnabled().then(
      (value) => {
        if (current) setReduced(value);
      },
      () => undefined,
    );
    const subscription = AccessibilityInfo.addEventListener('reduceMotionChanged', setReduced);
    return () => {
      current = false;
      subscription.remove();
    };
  }, []);
  return reduced;
}
