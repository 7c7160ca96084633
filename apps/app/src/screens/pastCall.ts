import type { IconName } from '../ui/icons';
import { briefDuration, firstName } from '../words/format';
import { t } from '../words/words';
import type { PastCall } from './snapshots';

export const isMissed = (call: PastCall): boolean => call.heading === 'call_missed';

export function iconOf(call: PastCall): IconName {
  if (isMissed(call)) return 'phoneMissed';
  if (call.kind === 'video') return 'video';
  return call.direction === 'incoming' ? 'phoneIncoming' : 'phoneOutgoing';
}

/** What it was and what became of it: *Missed video call*, *Audio call · 26 min*. */
export function whatOf(call: PastCall): string {
  const video = call.kind === 'video';
  if (isMissed(call)) return video ? t('calls.missedVideo') : t('calls.missedAudio');
  if (call.heading === 'call_declined') return declinedOf(call, video);
  if (call.heading === 'on_another_call') return video ? t('calls.busyVideo') : t('calls.busyAudio');
  if (call.heading === 'no_answer') return video ? t('calls.noAnswerVideo') : t('calls.noAnswerAudio');
  if (call.durationSeconds === null) {
    if (call.cancelled === true) return video ? t('calls.cancelledVideo') : t('calls.cancelledAudio');
    return video ? t('calls.unansweredVideo') : t('calls.unansweredAudio');
  }
  const what = video ? t('calls.video') : t('calls.audio');
  return t('calls.withDuration', { what, duration: briefDuration(call.durationSeconds) });
}

function declinedOf({ declinedBy }: PastCall, video: boolean): string {
  if (declinedBy === undefined) return video ? t('calls.declinedVideo') : t('calls.declinedAudio');
  if (declinedBy === 'self') return video ? t('calls.youDeclinedVideo') : t('calls.youDeclinedAudio');
  const name = firstName(declinedBy.name);
  return video ? t('calls.declinedByVideo', { name }) : t('calls.declinedByAudio', { name });
}
