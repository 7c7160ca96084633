import { ImpactFeedbackStyle, impactAsync } from 'expo-haptics';
import { Vibration } from 'react-native';

/** A light tap under the finger; a device that cannot is no error. */
export const tick = (): void => void impactAsync(ImpactFeedbackStyle.Light).catch(() => undefined);

/** Milliseconds: wait, on, off, on, off. */
const RING = [0, 400, 200, 400, 1000];

/** Shakes the phone for as long as it rings. @returns how to end it */
export function shake(): () => void {
  Vibration.vibrate(RING, true);
  return () => Vibration.cancel();
}
