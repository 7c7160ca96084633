import { isGroupType } from '@parley/domain';
import { useClientSnapshot, useIncomingCalls, useNotices, useParley } from '@parley/react';
import { useMemo } from 'react';
import { IncomingCalls } from '../screens/IncomingCalls';
import { Toasts } from '../ui/Toasts';
import { t } from '../words/words';
import { EndQuestion } from './EndQuestion';
import { noticeText } from './noticeText';
import { useChannels } from './people';
import { incomingItems } from './stage';
import { useAcceptCall } from './useCalling';
import { useDrawNow } from './useDrawNow';
import { useGroupPart } from './useGroupPart';
import { useSilence } from './useSilence';
import { WaitingCalls } from './WaitingCalls';

/** What lies above every screen: calls that ring, and short notices. */
export function Overlay() {
  const client = useParley();
  const incoming = useIncomingCalls();
  const notices = useNotices();
  const stopped = useClientSnapshot((snapshot) => snapshot.stopped);
  const accept = useAcceptCall(useDrawNow());
  const silent = useSilence();
  useGroupPart(incoming.some(({ ring }) => isGroupType(ring.callType)));
  const channels = useChannels();
  const calls = useMemo(() => incomingItems(incoming, silent, channels ?? []), [incoming, silent, channels]);
  const waiting = useMemo(() => calls.filter((call) => call.waiting !== undefined), [calls]);
  const loud = useMemo(() => calls.filter((call) => call.waiting === undefined), [calls]);
  const toasts = notices.map((notice) => ({ id: notice.id, text: noticeText(notice) }));
  if (stopped !== null) toasts.push({ id: stopped, text: t(`notices.${stopped}`) });
  return (
    <>
      <WaitingCalls calls={waiting} />
      <IncomingCalls calls={loud} onAccept={accept} onDecline={(callId) => client.decline(callId)} />
      <EndQuestion />
      <Toasts toasts={toasts} />
    </>
  );
}
