/** Browsers on phones can shake them (Chrome on Android, after a first touch); the others leave it. */
export const tick = (): void => void globalThis.navigator?.vibrate?.(10);

/** Milliseconds on and off. */
const RING = [400, 200, 400, 1000];

/** Shakes the phone for as long as it rings. @returns how to end it */
export function shake(): () => void {
  if (!globalThis.navigator?.vibrate) return () => undefined;
  const once = () => void navigator.vibrate(RING);
  once();
  const timer = setInterval(once, 2000);
  return () => {
    clearInterval(timer);
    navigator.vibrate(0);
  };
}
