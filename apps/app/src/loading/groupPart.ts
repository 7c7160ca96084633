import { part } from './later';

/** What carries a group through a media server. Apart from the pages' parts: pages ask for it, and would ask for themselves. */
export const groupPart = part(() => import('../chunks/livekit'));
