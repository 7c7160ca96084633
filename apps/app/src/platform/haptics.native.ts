import { ImpactFeedbackStyle, impactAsync } from 'expo-haptics';

/** A light tap under the finger; a device that cannot is no error. */
export const tick = (): void => void impactAsync(ImpactFeedbackStyle.Light).catch(() => undefined);
