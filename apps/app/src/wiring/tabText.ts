import type { TabIcon } from '../platform/tab';
import { briefDuration, firstName } from '../words/format';
import { t } from '../words/words';

interface Around {
  /** The page that is open; null where it has no name of its own. */
  readonly place: string | null;
  /** Display names of the callers, oldest ring first. */
  readonly rings: readonly string[];
  readonly call: { readonly name: string; readonly phase: 'ringing' | 'connecting' | 'connected' } | null;
  /** Whole minutes since it connected; null before. */
  readonly minutes: number | null;
}

/** The tab in words. It counts in minutes: a figure that runs among the tabs draws the eye all the time. */
export function tabText({ place, rings, call, minutes }: Around): { readonly title: string; readonly icon: TabIcon } {
  const ring = rings[0];
  if (ring !== undefined) return { title: t('tab.ringing', { name: firstName(ring) }), icon: 'ringing' };
  if (call === null) {
    const app = t('app.name');
    return { title: place === null ? app : t('tab.place', { place, app }), icon: 'usual' };
  }
  // A channel's name is no person's.
  const name = call.name.startsWith('#') ? call.name : firstName(call.name);
  if (call.phase === 'ringing') return { title: t('tab.calling', { name }), icon: 'inCall' };
  if (minutes === null || minutes < 1) return { title: t('tab.inCall', { name }), icon: 'inCall' };
  return { title: t('tab.inCallFor', { name, time: briefDuration(minutes * 60) }), icon: 'inCall' };
}
