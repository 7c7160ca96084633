import { useClientSnapshot } from '@parley/react';
import { usePathname } from 'expo-router';
import { useEffect, useRef } from 'react';
import { paths } from '../paths';
import { useGo } from './navigation';

/** The path of a call that the server has not named yet. */
export const STARTING = 'starting';

/** Takes the person to the call when it begins, and to its summary when it ends while they look at it. */
export function CallFollower() {
  const go = useGo();
  const path = usePathname();
  const active = useClientSnapshot((client) => client.active);
  const newest = useClientSnapshot((client) => client.summaries[0]?.callId ?? null);
  const last = useRef<{ active: boolean; callId: string | null; summary: string | null; from: string }>({
    active: false,
    callId: null,
    summary: null,
    from: paths.home,
  });

  useEffect(() => {
    const before = last.current;
    const here = active?.callId ?? null;
    const starting = paths.call(STARTING);
    const now = { active: active !== null, callId: here, summary: newest, from: before.from };
    last.current = now;
    if (active !== null && (!before.active || (before.callId !== null && here !== before.callId))) {
      if (!isOnTheWay(path)) now.from = path;
      const target = paths.call(here ?? STARTING);
      if (path === target) return;
      // From one call's page to the next, or from its lobby, there is nothing to come back to.
      if (isOnTheWay(path)) go.replace(target);
      else go.to(target);
    } else if (active !== null && here !== null && before.callId === null && path === starting) {
      go.replace(paths.call(here));
    } else if (active === null && before.active && path === starting) {
      go.replace(newest !== null && newest !== before.summary ? paths.call(newest) : now.from);
    }
  }, [active, newest, path, go]);
  return null;
}

/** Pages that lead to a call or are one. */
const isOnTheWay = (path: string): boolean => /^\/(call|lobby|join)\//.test(path);
