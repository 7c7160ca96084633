import type { NoticePermission, SystemNotice } from '../platform/types';
import type { IncomingCallItem } from '../screens/snapshots';
import { t } from '../words/words';

interface Moment {
  readonly rings: readonly (Pick<IncomingCallItem, 'id' | 'kind' | 'caller' | 'team' | 'answering' | 'silent'> & {
    /** Another tab of this browser speaks for this one otherwise. */
    readonly audible: boolean;
  })[];
  /** Nobody looks at the page. */
  readonly away: boolean;
  readonly permission: NoticePermission;
}

/** The notices that are to be seen at this moment: one for each call that rings for somebody who looks elsewhere. */
export function ringNotices({ rings, away, permission }: Moment): readonly SystemNotice[] {
  if (!away || permission !== 'granted') return [];
  return rings
    .filter(({ audible, answering, silent }) => audible && !answering && !silent)
    .map(({ id, kind, caller, team }) => ({
      tag: `ring-${id}`,
      title: t('tab.ringing', { name: caller.displayName }),
      body: t('call.incomingFrom', { kind: t(kind === 'video' ? 'call.incomingVideo' : 'call.incomingAudio'), team }),
    }));
}

/** Milliseconds for which *Not now* holds. */
export const NOT_NOW_MS = 30 * 86_400_000;

interface Asking {
  readonly permission: NoticePermission;
  /** Somebody has called or was called since the page was loaded: the reason is at hand. */
  readonly hadCall: boolean;
  /** Something rings or a call goes on: no time for questions. */
  readonly busy: boolean;
  /** Epoch milliseconds of the last *Not now*. */
  readonly declinedAt: number | null;
  readonly now: number;
}

/** Whether it is the time to ask for notices. A denial is final: browsers do not ask again. */
export const isTimeToAsk = ({ permission, hadCall, busy, declinedAt, now }: Asking): boolean =>
  permission === 'prompt' && hadCall && !busy && (declinedAt === null || now - declinedAt > NOT_NOW_MS);
