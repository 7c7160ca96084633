import { part } from './later';

/**
 * What carries a group. Apart from the other parts, since screens ask for it by themselves: whoever looks at the way into a
 * group. It needs none of them, so that nothing goes round in circles.
 */
export const groupPart = part(() => import('../chunks/livekit'));
