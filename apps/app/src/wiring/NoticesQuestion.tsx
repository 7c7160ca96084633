import { webStorage } from '@parley/client/browser';
import { useClientSnapshot } from '@parley/react';
import { useEffect, useState } from 'react';
import { askForNotices, noticePermission } from '../platform/systemNotices';
import { AskNotices } from '../screens/AskNotices';
import { isTimeToAsk } from './ringNotices';

const KEY = 'parley.noticesDeclinedAt';
const storage = webStorage(() => globalThis.localStorage);

/** Asks for the browser's notices once the first call is over. */
export function NoticesQuestion() {
  const hadCall = useClientSnapshot(({ summaries }) => summaries.length > 0);
  const busy = useClientSnapshot(({ active, incoming }) => active !== null || incoming.length > 0);
  const [permission, setPermission] = useState(noticePermission);
  // Until it has been read, it is as if somebody had just declined.
  const [declinedAt, setDeclinedAt] = useState<number | null>(() => Date.now());
  useEffect(() => {
    if (noticePermission() !== 'prompt') return;
    void storage.get(KEY).then((kept) => setDeclinedAt(kept === null ? null : Number(kept)));
  }, []);
  if (!isTimeToAsk({ permission, hadCall, busy, declinedAt, now: Date.now() })) return null;
  return (
    <AskNotices
      onAllow={() => void askForNotices().then(setPermission)}
      onLater={() => {
        const now = Date.now();
        setDeclinedAt(now);
        void storage.set(KEY, String(now));
      }}
    />
  );
}
