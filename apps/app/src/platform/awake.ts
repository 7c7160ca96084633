/** To ask takes Chromium a frame or two of the page's time, and a call begins with more urgent things than a screen that dims in minutes. */
const ASK_AFTER_MS = 2_000;

/** Keeps the screen on (Screen Wake Lock). A browser drops the lock of a hidden page: it is asked for again. */
export function keepAwake(): () => void {
  let wanted = true;
  let lock: WakeLockSentinel | null = null;
  let asking = false;
  const ask = async () => {
    if (!wanted || asking || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    if (lock !== null && !lock.released) return;
    asking = true;
    try {
      const taken = await navigator.wakeLock.request('screen');
      if (wanted) lock = taken;
      else await taken.release();
    } catch {
      // Refused (low battery, no such right): the call goes on all the same.
    } finally {
      asking = false;
    }
  };
  const onVisible = () => void ask();
  document.addEventListener('visibilitychange', onVisible);
  const timer = setTimeout(() => void ask(), ASK_AFTER_MS);
  return () => {
    wanted = false;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisible);
    void lock?.release().catch(() => undefined);
  };
}
