import { isLiveStatus } from '@parley/domain';
import type { CallEventRecord, CallView } from '@parley/protocol';
import type { CallMessage } from '../store/messages.ts';
import type { InboxEntry } from '../store/notifications.ts';
import type { DeviceRing } from '../store/rings.ts';
import type { MediaChange } from './media-effects.ts';
import type { CallDeps } from './types.ts';

export interface Announcement {
  readonly view: CallView;
  readonly events: readonly CallEventRecord[];
  readonly notifications: readonly InboxEntry[];
  readonly rings?: readonly DeviceRing[];
  /** What the end of the call has left in the chat. */
  readonly chat: CallMessage | null;
  /** For the media server; left out where it has nothing to hear. */
  readonly media?: MediaChange;
}

/** Tells the world of what was committed. A failure here fails nobody's command: clients fill gaps by themselves. */
export function announce(deps: CallDeps, announcement: Announcement): void {
  const { publisher, log, observer } = deps;
  const { view, events, notifications, rings = [], chat } = announcement;
  if (events.length === 0) return;
  try {
    publisher.call(view, events);
    for (const { userId, deviceId, ring } of rings) publisher.ring(userId, deviceId, ring);
    for (const { userId, item } of notifications) publisher.inbox(userId, item);
    if (chat?.teamOfNewChannel) publisher.teamChanged(chat.teamOfNewChannel, 'channels');
    if (chat) publisher.message(chat.message);
  } catch (error) {
    log.warn({ callId: view.call.id, reason: error instanceof Error ? error.message : String(error) }, 'Not published');
  }
  if (announcement.media) deps.mediaEffects?.committed(announcement.media, events);
  if (!isLiveStatus(view.call.status)) observer?.finished(view.call.status, view.call.endReason);
}
