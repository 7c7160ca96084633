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
  void ask();
  return () => {
    wanted = false;
    document.removeEventListener('visibilitychange', onVisible);
    void lock?.release().catch(() => undefined);
  };
}
