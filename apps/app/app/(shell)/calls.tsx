import { useClientSnapshot, useParley } from '@parley/react';
import { useEffect } from 'react';
import { Calls } from '../../src/screens/Calls';
import { useHistory } from '../../src/wiring/history';
import { useGo } from '../../src/wiring/navigation';
import { useTeam } from '../../src/wiring/people';
import { useMe } from '../../src/wiring/session';
import { useCallPerson } from '../../src/wiring/useCalling';
import { useNow } from '../../src/wiring/useNow';

export default function CallsRoute() {
  const client = useParley();
  const go = useGo();
  const unread = useClientSnapshot((snapshot) => snapshot.unreadCalls);
  const ended = useClientSnapshot((snapshot) => snapshot.summaries);
  const history = useHistory(useTeam()?.id ?? null, useMe()?.id ?? '', ended);
  const call = useCallPerson();
  const now = useNow();
  // Whoever looks at the list has seen what was missed.
  useEffect(() => {
    if (unread > 0) void client.markCallsRead();
  }, [client, unread]);
  return (
    <Calls
      snapshot={{ calls: history.calls, hasMore: history.hasMore, error: history.error, now }}
      onBack={go.back}
      onNavigate={go.to}
      onMore={history.more}
      onRetry={history.retry}
      {...(call ? { onCallBack: (item) => call(item.with.id, item.kind) } : {})}
    />
  );
}
