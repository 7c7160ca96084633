import { useMemo, useSyncExternalStore } from 'react';
import type { Switch } from '../platform/types';
import type { StageSwitch } from '../screens/call/StageMenu';

const never = () => () => undefined;
const off = () => false;

/** Undefined where the platform does not have it. */
export function useSwitch(source: Switch | null): StageSwitch | undefined {
  const on = useSyncExternalStore(source?.onChange ?? never, source?.isOn ?? off, off);
  return useMemo(() => (source === null ? undefined : { on, set: source.set }), [source, on]);
}
