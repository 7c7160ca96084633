import { activateKeepAwakeAsync, deactivateKeepAwake } from 'expo-keep-awake';

const TAG = 'parley.call';

export function keepAwake(): () => void {
  const on = activateKeepAwakeAsync(TAG).catch(() => undefined);
  return () => void on.then(() => deactivateKeepAwake(TAG)).catch(() => undefined);
}
