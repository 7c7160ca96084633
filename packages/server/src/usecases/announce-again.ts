import { isLiveStatus } from '@parley/domain';
import type { CallView } from '@parley/protocol';
import { findEvents } from '../store/events.ts';
import { findCallMessage } from '../store/messages.ts';
import { findInboxOfCall } from '../store/notifications.ts';
import { ringsOfCall } from '../store/rings.ts';
import { announce } from './announce.ts';
import { single } from './context.ts';
import type { CallDeps } from './types.ts';

/**
 * Publishes a call as it is, with everything that led there. What somebody has heard of already is old news to their client, which
 * goes by the versions.
 */
export async function announceAgain(deps: CallDeps, view: CallView): Promise<void> {
  const sql = single(deps);
  const { id, status } = view.call;
  announce(deps, {
    view,
    events: await findEvents(sql, id, 0),
    rings: status === 'ringing' ? await ringsOfCall(sql, id, deps.clock.skewMs()) : [],
    notifications: await findInboxOfCall(sql, id),
    chat: isLiveStatus(status) ? null : await findCallMessage(sql, id),
  });
}
